// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Seals one stream that its process left open, as that would have: a seal over the last records, a
 * checkpoint over all of them, signed by the HSM, and the seal that closes a stream. The checkpoint
 * has one more fact, {@code orphan <records> <bytes> <seals>}: how many of the last records had no
 * seal, how many bytes of a record were cut off that was not whole, and how many seals the stream
 * had. Being killed while doing so leaves a stream that can be sealed again.
 *
 * <p>What a witness has of the stream must still be there: the last checkpoint takes its place.
 */
final class OrphanSeal {
  private static final Logger LOG = System.getLogger(OrphanSeal.class.getName());

  /** How the fact of a checkpoint begins that was made by another process than the records. */
  static final String FACT = "orphan ";

  private final JournalSettings settings;
  private final Notary notary;
  private final Clock clock;
  private final UUID stream;
  private final SortedMap<Integer, Path> files;

  OrphanSeal(
      JournalSettings settings,
      Notary notary,
      Clock clock,
      UUID stream,
      Map<Integer, Path> allFiles) {
    this.settings = settings;
    this.notary = notary;
    this.clock = clock;
    this.stream = stream;
    this.files = new TreeMap<>(allFiles);
  }

  /**
   * Seals the stream, which nobody else writes to.
   *
   * @param domainVersion what its key comes from
   * @param key taken over and erased
   * @return how it ends; empty if something is wrong with it, which a signature would cover up
   * @throws IOException if it cannot be written
   */
  Optional<StreamEnd> seal(int domainVersion, byte[] key) throws IOException {
    List<PublicKey> notaries = notary.publicKeys();
    try (SealChain chain = new SealChain(stream, key)) {
      SealCheck seals = new SealCheck(stream, chain, SealCheck.Key.KNOWN);
      CheckpointCheck checkpoints = new CheckpointCheck(stream, notaries);
      notary.published(stream).ifPresent(note -> checkpoints.demand(SignedNote.parse(note)));
      Last last = new Last();
      List<Path> empty = withoutEmpty();
      StreamWalk.walk(files, new Both(new Both(seals, checkpoints), last));
      Verification found = seals.result(checkpoints);
      if (!found.isIntact() || last.frames == 0) {
        LOG.log(
            Level.WARNING,
            "The audit stream {0} was left open by its process, and is not sealed because it was"
                + " changed since. Run ''strongroom cloudtrail validate-logs'', with --witness if"
                + " there is a witness.",
            stream);
        return Optional.empty();
      }
      if (found.isClosed()) {
        return Optional.of(seals.end());
      }
      for (Path file : empty) {
        Files.deleteIfExists(file);
      }
      OpenEnd end = last.end(domainVersion, seals.isFileEnded(), found.records(), checkpoints);
      return Optional.of(close(end, chain, found, checkpoints.previous()));
    }
  }

  /** Takes out, and returns, the files at the end that were made ahead and not begun. */
  private List<Path> withoutEmpty() throws IOException {
    List<Path> empty = new ArrayList<>();
    while (files.size() > 1 && isEmpty(lastFile())) {
      empty.add(lastFile());
      files.remove(files.lastKey());
    }
    return empty;
  }

  private Path lastFile() {
    return Objects.requireNonNull(files.get(files.lastKey()));
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (FileScan scan = FileScan.open(path)) {
      if (scan.readMagic()) {
        return scan.look(0) == FileScan.Found.END;
      }
      scan.moveTo(0);
      return scan.bytesNotZero() == 0;
    }
  }

  private StreamEnd close(
      OpenEnd from, SealChain chain, Verification found, Optional<String> previous)
      throws IOException {
    // Before anything is written: once they are sealed, nobody can tell how many were not.
    SignedNote note =
        Notarization.note(
            notary, stream, from.head(), previous, clock.instant(), facts(found, chain));
    StreamWriter writer = StreamWriter.resume(settings, from, chain, clock.millis());
    try {
      writer.sealBlockLocked();
      if (!writer.appendCheckpointLocked(note.toString().getBytes(StandardCharsets.UTF_8))) {
        throw new IOException("A checkpoint is longer than the room that was made for it");
      }
      StreamWriter.Ending ending = writer.endLocked();
      StreamEnd end = writer.end();
      ending.makeDurable();
      publish(note);
      if (end == null) {
        throw new IOException("A seal is longer than the room that was made for it");
      }
      return end;
    } finally {
      writer.abandon();
    }
  }

  private List<String> facts(Verification found, SealChain chain) {
    List<String> facts = new ArrayList<>(notary.facts());
    long unsealed = found.records() - found.sealedRecords();
    facts.add(FACT + unsealed + " " + found.tornBytes() + " " + chain.number());
    return facts;
  }

  private void publish(SignedNote note) {
    try {
      notary.publish(stream, note.toString());
    } catch (IOException | RuntimeException e) {
      // The one before is there still, and the store knows the end.
      LOG.log(Level.WARNING, "The witness did not take the last checkpoint of a stream: " + e);
    }
  }

  /** Finds the place behind the last frame. */
  private final class Last extends LenientVisitor {
    private int index;
    private long position;
    private long sealedTo;
    private long frames;

    @Override
    public void file(int next, String name) {
      index = next;
      sealedTo = 0;
      frames = 0;
    }

    @Override
    public void frame(FileScan scan, long records) {
      frames++;
      if (scan.type() == JournalFormat.SEAL) {
        sealedTo = scan.position() + JournalFormat.SEAL_FRAME_BYTES;
      }
    }

    @Override
    public void end(long offset, long records, long tornBytes) {
      position = offset;
    }

    OpenEnd end(int version, boolean isFileEnded, long records, CheckpointCheck checkpoints) {
      return new OpenEnd(
          stream,
          version,
          lastFile(),
          index,
          position,
          sealedTo,
          isFileEnded,
          records,
          checkpoints.tree().head());
    }
  }
}
