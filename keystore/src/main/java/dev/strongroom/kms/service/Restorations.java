// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.storage.Restoration;
import dev.strongroom.kms.storage.RestorationStorage;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts on record that the store came from a backup, by the first process that opens it: a kill in
 * between leaves that to the next, and it may then be there twice. Thread-safe.
 */
final class Restorations {
  private static final String EVENT = "RestoreBackup";

  private final RestorationStorage storage;
  private final AuditTrail trail;
  private final Clock clock;

  Restorations(RestorationStorage storage, AuditTrail trail, Clock clock) {
    this.storage = storage;
    this.trail = trail;
    this.clock = clock;
  }

  /** Returns the one that the store came from last. */
  Optional<Restoration> latest() {
    return storage.latest();
  }

  void recordAll() {
    for (Restoration restoration : storage.unrecorded()) {
      Map<String, String> receipt = new LinkedHashMap<>(restoration.receipt());
      receipt.put("incarnation", restoration.incarnation());
      receipt.put("previousIncarnation", restoration.previous());
      record(receipt, null);
      storage.recorded(restoration, clock.instant());
    }
  }

  /** Records that somebody wanted to restore a backup over this store. */
  void refused(BackupHeader backup, KmsException refusal) {
    record(Map.of("backupId", backup.id(), "previousIncarnation", backup.incarnation()), refusal);
  }

  private void record(Map<String, String> parameters, @Nullable KmsException refusal) {
    trail.record(
        new AuditEvent(
            EVENT,
            refusal != null,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            parameters,
            null,
            refusal == null ? null : refusal.errorCode(),
            refusal == null ? null : refusal.getMessage(),
            null));
  }
}
