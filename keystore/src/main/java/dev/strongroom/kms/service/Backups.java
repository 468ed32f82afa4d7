// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Backups of the whole KMS: its keys with all that belongs to them, identities, and what finds the
 * domain key again. For callers of the account that the KMS was made with, whose policies let them
 * ({@code cloudhsm:CreateBackup}, …). {@link KmsRestore} restores one. Thread-safe.
 */
public interface Backups {

  /**
   * Writes a backup of the present state into the folder of the settings, while work goes on.
   *
   * @throws KmsException.Configuration if the folder or a recipient is no good; nothing is left of
   *     the file then
   */
  BackupDescription create(Caller caller);

  /** What there is in the folder of the settings. */
  record Listing(List<BackupDescription> backups, List<Path> unreadable) {
    public Listing {
      backups = List.copyOf(backups);
      unreadable = List.copyOf(unreadable);
    }
  }

  /** Returns the backups in the folder of the settings, the newest first; none is verified. */
  Listing list(Caller caller);

  /**
   * Reads a whole backup and checks it: signature, domain key, and every chunk.
   *
   * @throws KmsException.StoreTampered if it is cut off or was altered
   * @throws KmsException.Configuration if it is of another domain key
   */
  BackupDescription verify(Caller caller, Path file);

  /**
   * Proves a backup: restores it into a folder that is then gone, checks every row, and has a
   * sample of its keys open what they encrypted when it was made.
   *
   * @param recipientKey the private key of a recipient in PEM: also proves the domain key that is
   *     in the backup, and uses that alone
   * @throws KmsException if it cannot be restored, with the reason
   */
  DrillReport drill(Caller caller, Path file, Optional<Path> recipientKey);
}
