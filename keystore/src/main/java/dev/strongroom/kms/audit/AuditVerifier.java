// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Checks that a journal is as it was written: that no record was changed, removed, added, moved or
 * repeated, and says where if one was. Also while a journal is written.
 *
 * <p>What it cannot see from a stream alone: that a whole stream is gone, or that the end of one
 * was cut off that then looks like the stream of a process that was killed.
 *
 * <p>Thread-safe.
 */
public final class AuditVerifier {
  private final Path folder;
  private final StreamKeys keys;

  /**
   * Returns a verifier.
   *
   * @param folder where the journals are
   * @param keys the function that they were written with
   */
  public AuditVerifier(Path folder, StreamKeys keys) {
    this.folder = folder;
    this.keys = keys;
  }

  /**
   * Returns the streams that the folder holds.
   *
   * @throws KmsException.AuditUnavailable if it cannot be read
   */
  public List<UUID> streams() {
    return List.copyOf(files().keySet());
  }

  /**
   * Verifies one stream.
   *
   * @throws KmsException.NotFound if the folder has none of its files
   * @throws KmsException.AuditUnavailable if a file cannot be read
   */
  public Verification verify(UUID stream) {
    SortedMap<Integer, Path> files = files().getOrDefault(stream, Collections.emptySortedMap());
    if (files.isEmpty()) {
      throw new KmsException.NotFound(
          "There is no journal of stream " + stream + " in " + folder + ".");
    }
    try (SealChain chain = new SealChain(stream, keys.keyOf(stream))) {
      SealCheck check = new SealCheck(stream, chain);
      StreamWalk.walk(files, check);
      return check.result();
    } catch (IOException e) {
      throw unreadable(e);
    }
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
