// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the records of a stream against its checkpoints: what the HSM signed must be what stands
 * there. Needs public keys only.
 *
 * <p>What a checkpoint shows to be wrong lies behind the last one that fits. After that nothing can
 * be said by checkpoints any more, since every tree head covers all records before.
 */
final class CheckpointCheck implements StreamWalk.Visitor {
  private static final Pattern LEFT = Pattern.compile(OrphanSeal.FACT + "([0-9]{1,18}) ");

  private final UUID stream;
  private final Collection<PublicKey> keys;
  private final RecordTree tree = new RecordTree();
  private final Map<Long, String> heads = new HashMap<>();
  private final List<Verification.Finding> findings = new ArrayList<>();

  private String file = "";
  private Optional<String> previous = Optional.empty();
  private long checkpointed;
  private boolean isLost;
  private boolean isOrphan;
  private long leftRecords;
  private Optional<Checkpoint> demanded = Optional.empty();
  private boolean isDemandMet;

  CheckpointCheck(UUID stream, Collection<PublicKey> keys) {
    this.stream = stream;
    this.keys = keys;
  }

  /**
   * Demands what a witness kept: a checkpoint whose records must all be there.
   *
   * @param note empty if what the witness has is none
   */
  void demand(Optional<SignedNote> note) {
    Optional<Checkpoint> checkpoint = note.flatMap(signed -> Checkpoint.parse(signed.text()));
    if (checkpoint.isEmpty() || keys.stream().noneMatch(note.orElseThrow()::isSignedBy)) {
      findings.add(
          new Verification.Finding(
              file,
              0,
              0,
              "What the witness has of this stream is not signed by a key of this KMS."));
    } else {
      demanded = checkpoint;
    }
  }

  @Override
  public void file(int index, String name) {
    file = name;
    tree.beginFile();
  }

  @Override
  public void frame(FileScan scan, long before) throws FrameReader.Malformed {
    if (isLost) {
      return;
    }
    switch (scan.type()) {
      case JournalFormat.ENTRY -> tree.entry(scan.payload());
      case JournalFormat.RECORD -> record(scan, before);
      case JournalFormat.SEAL -> seal();
      case JournalFormat.CHECKPOINT -> checkpoint(scan.payload(), scan.position());
      default -> {}
    }
  }

  private void seal() {
    String root = tree.head().root();
    heads.put(tree.records(), root);
    isDemandMet |=
        demanded.isPresent()
            && demanded.get().size() == tree.records()
            && demanded.get().root().equals(root);
  }

  private void record(FileScan scan, long before) throws FrameReader.Malformed {
    if (before != tree.records()) {
      isLost = true;
      return;
    }
    tree.record(scan.payload());
  }

  private void checkpoint(FrameReader payload, long offset) throws FrameReader.Malformed {
    byte[] bytes = payload.raw(payload.remaining());
    Optional<SignedNote> note = SignedNote.parse(new String(bytes, StandardCharsets.UTF_8));
    Optional<Checkpoint> checkpoint = note.flatMap(signed -> Checkpoint.parse(signed.text()));
    if (note.isEmpty() || checkpoint.isEmpty()) {
      find(offset, "The checkpoint is none.");
    } else if (!note.get().keyName().equals(checkpoint.get().origin())
        || keys.stream().noneMatch(note.get()::isSignedBy)) {
      find(offset, "The checkpoint is not signed by a key of this KMS.");
    } else {
      check(checkpoint.get(), offset);
      previous = Optional.of(note.get().hash());
    }
  }

  private void check(Checkpoint checkpoint, long offset) {
    String root = heads.get(checkpoint.size());
    if (!checkpoint.origin().endsWith("/" + stream)) {
      find(offset, "The checkpoint is of another stream.");
    } else if (!checkpoint.previous().equals(previous)) {
      find(
          offset, "The checkpoint does not follow the one before: one is missing, or is repeated.");
    } else if (root == null || checkpoint.size() < checkpointed) {
      find(
          offset,
          "The HSM signed "
              + checkpoint.size()
              + " records, and other records stand before that: some are missing or were added.");
    } else if (!root.equals(checkpoint.root())) {
      find(
          offset,
          "The records "
              + checkpointed
              + " to "
              + (checkpoint.size() - 1)
              + " are not those that the HSM signed: one was changed, removed, added or moved.");
    } else {
      checkpointed = checkpoint.size();
      checkpoint.facts().stream()
          .filter(fact -> fact.startsWith(OrphanSeal.FACT))
          .forEach(this::takeOrphan);
      heads.keySet().removeIf(size -> size < checkpointed);
    }
  }

  private void takeOrphan(String fact) {
    isOrphan = true;
    Matcher left = LEFT.matcher(fact);
    leftRecords = left.lookingAt() ? Long.parseLong(left.group(1)) : 0;
  }

  private void find(long offset, String sentence) {
    findings.add(new Verification.Finding(file, offset, checkpointed, sentence));
    isLost = true;
  }

  @Override
  public void damage(long offset, long before) {
    isLost = true;
  }

  @Override
  public void unknown(long offset, long before) {
    isLost = true;
  }

  @Override
  public void end(long offset, long before, long tornBytes) {}

  /** Returns how many records from the first on the HSM signed. */
  long checkpointed() {
    return checkpointed;
  }

  /** Returns how many records the checkpoint of another process says had no seal. */
  long leftRecords() {
    return leftRecords;
  }

  /** Returns the hash of the last note; empty if there is none. */
  Optional<String> previous() {
    return previous;
  }

  /** Returns the tree over the records that were shown. */
  RecordTree tree() {
    return tree;
  }

  /** Returns by whom the stream was closed, if it was. */
  Verification.Closing closing() {
    return isOrphan ? Verification.Closing.BY_ANOTHER : Verification.Closing.BY_ITS_PROCESS;
  }

  /** Returns what is wrong, after the whole stream was shown. */
  List<Verification.Finding> findings() {
    List<Verification.Finding> all = new ArrayList<>(findings);
    if (all.isEmpty() && demanded.isPresent() && !isDemandMet) {
      all.add(
          new Verification.Finding(
              file,
              0,
              checkpointed,
              "The witness has a checkpoint over "
                  + demanded.get().size()
                  + " records of this stream, which it does not show any more: its end was cut off"
                  + " or changed."));
    }
    return all;
  }
}
