// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Checks that a journal is as it was written: that no record was changed, removed, added, moved or
 * repeated, and says where if one was. Also while a journal is written.
 *
 * <p>A stream that is gone, and the end of a closed one that was cut off, show by the register.
 * What nobody can see is the end of a stream that was never closed, because its process was killed.
 *
 * <p>Thread-safe.
 */
public final class AuditVerifier {
  private final Path folder;
  private final StreamKeys keys;
  private final StreamRegister register;

  /**
   * Returns a verifier.
   *
   * @param folder where the journals are
   * @param keys the function that they were written with
   * @param register where they were registered
   */
  public AuditVerifier(Path folder, StreamKeys keys, StreamRegister register) {
    this.folder = folder;
    this.keys = keys;
    this.register = register;
  }

  /**
   * Returns the streams that the folder holds, and those that it should hold.
   *
   * @throws KmsException.AuditUnavailable if it cannot be read
   */
  public List<UUID> streams() {
    Set<UUID> streams = new TreeSet<>();
    missing().forEach(gone -> streams.add(gone.stream()));
    streams.addAll(files().keySet());
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
    Set<UUID> present = files().keySet();
    return registered.stream().filter(stream -> !present.contains(stream.stream())).toList();
  }

  /**
   * Verifies one stream.
   *
   * @throws KmsException.NotFound if the folder has none of its files and it was not registered
   * @throws KmsException.AuditUnavailable if a file cannot be read
   */
  public Verification verify(UUID stream) {
    Optional<RegisteredStream> registered = register.find(stream);
    SortedMap<Integer, Path> files = files().getOrDefault(stream, Collections.emptySortedMap());
    if (files.isEmpty()) {
      return gone(
          registered.orElseThrow(
              () ->
                  new KmsException.NotFound(
                      "There is no journal of stream " + stream + " in " + folder + ".")));
    }
    try {
      return verify(stream, files, registered.flatMap(RegisteredStream::end));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Verification gone(RegisteredStream registered) {
    String sentence =
        "The stream is gone: it was registered on " + registered.opened() + " and has no file.";
    String file = JournalFile.name(registered.stream(), 0);
    return new Verification(
        registered.stream(),
        false,
        0,
        0,
        0,
        List.of(new Verification.Finding(file, 0, 0, sentence)));
  }

  private Verification verify(UUID stream, SortedMap<Integer, Path> files, Optional<StreamEnd> end)
      throws IOException {
    Optional<byte[]> key = key(stream, files.values());
    byte[] none = new byte[JournalFormat.KEY_BYTES];
    try (SealChain chain = new SealChain(stream, key.orElse(none))) {
      SealCheck check = new SealCheck(stream, chain, key.isPresent());
      StreamWalk.walk(files, check);
      end.ifPresent(check::compare);
      return check.result();
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

  private Map<UUID, SortedMap<Integer, Path>> files() {
    try {
      return StreamFiles.in(folder);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private KmsException.AuditUnavailable unreadable(IOException cause) {
    return new KmsException.AuditUnavailable(
        "The audit trail in " + folder + " cannot be read (" + cause + ").", cause);
  }
}
