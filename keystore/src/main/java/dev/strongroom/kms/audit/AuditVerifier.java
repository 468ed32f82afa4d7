// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Checks that a journal is as it was written: that no record was changed, removed, added, moved or
 * repeated, and says where if one was. Also while a journal is written.
 *
 * <p>Seals show that to whoever has the keys of the KMS; checkpoints show it to everybody, for the
 * records that they cover. A stream that is gone, and the end of a closed one that was cut off,
 * show by the register. What nobody can see is that the end of a stream was cut off whose process
 * was killed, before the next start sealed it.
 *
 * <p>Thread-safe.
 */
public final class AuditVerifier {
  private static final System.Logger LOG = System.getLogger(AuditVerifier.class.getName());

  private final TrailFolders folders;
  private final StreamKeys keys;
  private final StreamRegister register;
  private final Supplier<List<PublicKey>> notaries;
  private final SealCheck.Key unknownKey;
  private final Witnessed witnessed;

  private AuditVerifier(
      TrailFolders folders,
      StreamKeys keys,
      StreamRegister register,
      Supplier<List<PublicKey>> notaries,
      SealCheck.Key unknownKey,
      Witnessed witnessed) {
    this.folders = folders;
    this.keys = keys;
    this.register = register;
    this.notaries = notaries;
    this.unknownKey = unknownKey;
    this.witnessed = witnessed;
  }

  /**
   * Returns a verifier.
   *
   * @param folders where the journals are
   * @param keys the function that they were written with
   * @param register where they were registered
   * @param notary who signed the checkpoints
   */
  public AuditVerifier(
      TrailFolders folders, StreamKeys keys, StreamRegister register, Notary notary) {
    this(folders, keys, register, notary::publicKeys, SealCheck.Key.MISSING, Witnessed.NOTHING);
  }

  /**
   * Returns a verifier for somebody who has a copy of the folder and public keys, and nothing else:
   * seals are not verified, and that a whole stream is gone, or its end, shows by a witness only.
   *
   * @param notaries the public keys that checkpoints may be signed with
   * @param witnessed what a witness kept
   */
  public static AuditVerifier ofCopy(
      Path folder, Collection<PublicKey> notaries, Witnessed witnessed) {
    List<PublicKey> copy = List.copyOf(notaries);
    return new AuditVerifier(
        TrailFolders.of(folder),
        Outsider.INSTANCE,
        Outsider.INSTANCE,
        () -> copy,
        SealCheck.Key.SECRET,
        witnessed);
  }

  /**
   * Returns when the newest record was made that a query selects, as it says itself: nothing is
   * verified.
   *
   * @throws KmsException.AuditUnavailable if the folder cannot be read
   */
  public Optional<Instant> latest(AuditQuery query) {
    return new Lookup(this, query).latest();
  }

  /**
   * Returns the streams that the folder holds, and those that it should hold.
   *
   * @throws KmsException.AuditUnavailable if it cannot be read
   */
  public List<UUID> streams() {
    Set<UUID> streams = new TreeSet<>();
    missing().forEach(gone -> streams.add(gone.stream()));
    streams.addAll(present());
    streams.addAll(witnessed.streams());
    return List.copyOf(streams);
  }

  /**
   * Returns the registered streams of which the folder has no file.
   *
   * @throws KmsException.AuditUnavailable if it cannot be read
   */
  public List<RegisteredStream> missing() {
    // The register first: a stream's file is there before it is registered.
    List<RegisteredStream> registered = register.all();
    Set<UUID> present = present();
    return registered.stream().filter(stream -> !present.contains(stream.stream())).toList();
  }

  private Set<UUID> present() {
    try {
      Set<UUID> present = new HashSet<>();
      for (Path folder : folders.all()) {
        present.addAll(StreamFiles.in(folder).keySet());
      }
      return present;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Verifies one stream.
   *
   * @throws KmsException.NotFound if the folder has none of its files and it was not registered
   * @throws KmsException.AuditUnavailable if a file cannot be read
   */
  public Verification verify(UUID stream) {
    Optional<RegisteredStream> registered = register.find(stream);
    Copies copies = copies();
    SortedMap<Integer, Path> files =
        copies.files().getOrDefault(stream, Collections.emptySortedMap());
    return verify(stream, registered, files, Optional.empty()).withCopy(copies.flawsOf(stream));
  }

  /**
   * Verifies all streams.
   *
   * @throws KmsException.AuditUnavailable if a file cannot be read
   */
  List<Verification> verifyAll() {
    Inventory inventory = inventory();
    return inventory.streams().stream()
        .map(stream -> verify(stream, inventory, Optional.empty()))
        .toList();
  }

  /** Returns what there is now; looking anew for each stream would take the square of the time. */
  Inventory inventory() {
    try {
      return Inventory.of(register, folders, new Judge());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns the same where the store may have been altered: if it refuses, only the files. */
  Inventory inventoryOfFiles() {
    try {
      return inventory();
    } catch (KmsException.StoreTampered e) {
      return new Inventory(Map.of(), copies());
    }
  }

  /** Verifies one stream, and shows it to another visitor in the same walk. */
  Verification verify(UUID stream, Inventory inventory, Optional<StreamWalk.Visitor> other) {
    return verify(stream, inventory.find(stream), inventory.filesOf(stream), other)
        .withCopy(inventory.copies().flawsOf(stream));
  }

  private Verification verify(
      UUID stream,
      Optional<RegisteredStream> registered,
      SortedMap<Integer, Path> files,
      Optional<StreamWalk.Visitor> other) {
    if (files.isEmpty() && registered.isEmpty() && witnessed.streams().contains(stream)) {
      return gone(stream, "a witness has a checkpoint of it");
    }
    if (files.isEmpty()) {
      return gone(
          registered.orElseThrow(
              () ->
                  new KmsException.NotFound(
                      "There is no journal of stream " + stream + " in " + folders + ".")));
    }
    try {
      return verify(stream, files, registered.flatMap(RegisteredStream::end), other);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Verification gone(RegisteredStream registered) {
    return gone(registered.stream(), "it was registered on " + registered.opened());
  }

  private static Verification gone(UUID stream, String why) {
    String sentence = "The stream is gone: " + why + ", and it has no file.";
    String file = JournalFile.name(stream, 0);
    return new Verification(
        stream,
        Verification.Closing.NONE,
        0,
        0,
        0,
        0,
        0,
        List.of(new Verification.Finding(file, 0, 0, sentence)),
        List.of());
  }

  private Verification verify(
      UUID stream,
      SortedMap<Integer, Path> files,
      Optional<StreamEnd> end,
      Optional<StreamWalk.Visitor> other)
      throws IOException {
    Optional<byte[]> key = key(stream, files.values());
    byte[] none = new byte[JournalFormat.KEY_BYTES];
    try (SealChain chain = new SealChain(stream, key.orElse(none))) {
      SealCheck seals =
          new SealCheck(stream, chain, key.isPresent() ? SealCheck.Key.KNOWN : unknownKey);
      CheckpointCheck checkpoints = new CheckpointCheck(stream, notaries.get());
      Optional.ofNullable(witnessed.checkpoints().get(stream)).ifPresent(checkpoints::demand);
      Both checks = new Both(seals, checkpoints);
      StreamWalk.walk(files, other.map(pass -> new Both(checks, pass)).orElse(checks));
      end.ifPresent(seals::compare);
      return seals.result(checkpoints);
    }
  }

  /**
   * Returns those of some blocks of a stream whose seal fits.
   *
   * @param blocks all with a seal
   * @throws KmsException.AuditUnavailable if a file cannot be read
   */
  Set<SealedBlock> fitting(UUID stream, Collection<SealedBlock> blocks) {
    try {
      Optional<byte[]> key = key(stream, blocks.stream().map(SealedBlock::file).toList());
      return key.isPresent() ? BlockCheck.fitting(stream, key.get(), blocks) : Set.of();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns the key under the first version that a file names and that there is. */
  private Optional<byte[]> key(UUID stream, Collection<Path> files) throws IOException {
    for (Path file : files) {
      int version;
      try (FileScan scan = FileScan.open(file)) {
        version = scan.domainVersion();
      }
      Optional<byte[]> key = keys.keyOf(stream, version);
      if (key.isPresent()) {
        return key;
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the files of all streams, each in the copy that is to be read. A log line names each
   * copy that is not as it should be.
   *
   * @throws KmsException.AuditUnavailable if one cannot be read
   */
  Map<UUID, SortedMap<Integer, Path>> readable() {
    Copies copies = copies();
    copies.flaws().values().forEach(flaws -> flaws.forEach(AuditVerifier::log));
    return copies.files();
  }

  private static void log(Verification.Finding flaw) {
    LOG.log(Level.WARNING, "The audit trail is not whole: {0}: {1}", flaw.file(), flaw.sentence());
  }

  private Copies copies() {
    try {
      return Copies.in(folders, new Judge());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Judges copies by what is known here. */
  private final class Judge implements Copies.Judge {

    @Override
    public Verification verify(UUID stream, SortedMap<Integer, Path> files) throws IOException {
      return AuditVerifier.this.verify(stream, files, end(stream), Optional.empty());
    }

    @Override
    public boolean isEnded(UUID stream) {
      return end(stream).isPresent();
    }

    private Optional<StreamEnd> end(UUID stream) {
      try {
        return register.find(stream).flatMap(RegisteredStream::end);
      } catch (KmsException.StoreTampered e) {
        return Optional.empty(); // The files are still to be read, to say what was altered.
      }
    }
  }

  private KmsException.AuditUnavailable unreadable(IOException cause) {
    return new KmsException.AuditUnavailable(
        "The audit trail in " + folders + " cannot be read (" + cause + ").", cause);
  }
}
