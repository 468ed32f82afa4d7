// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Destroys imported key material that has expired, or that was deleted and can no longer be
 * restored. Nobody can use it any more by then: this only has it gone from the store. It waits for
 * the time that was seen to pass, so that a clock set forward destroys nothing. Thread-safe.
 */
public final class MaterialSweep {
  private static final Logger LOG = System.getLogger(MaterialSweep.class.getName());
  private static final String EXPIRED = "DeleteExpiredKeyMaterial";
  private static final String DELETED = "DestroyDeletedKeyMaterial";

  private final DueWork due = new DueWork(LOG, "Keys with material that is to be destroyed");
  private final KeyStorage storage;
  private final AuditTrail trail;
  private final PassedTime time;
  private final Clock clock;
  private volatile boolean mustScrub;

  public MaterialSweep(KeyStorage storage, AuditTrail trail, PassedTime time, Clock clock) {
    this.storage = storage;
    this.trail = trail;
    this.time = time;
    this.clock = clock;
  }

  /** Does what is due. What fails is tried again by the next sweep: a log line says so. */
  public void run() {
    due.look(this::sweep);
  }

  private void sweep() {
    if (!storage.withDueMaterial(clock.instant(), 1).isEmpty()) {
      Instant until = time.due();
      due.each(storage.withDueMaterial(until, DueWork.BATCH), key -> isDestroyed(key, until));
    }
    if (mustScrub) {
      scrub();
    }
  }

  private boolean isDestroyed(KeyId id, Instant until) {
    Optional<KmsKey> found = storage.findKey(id);
    found.ifPresent(key -> destroy(key, until));
    return found.isPresent();
  }

  /** A process that is killed before the record leaves what the trail has of the store. */
  private void destroy(KmsKey key, Instant until) {
    storage.save(List.of(key.withoutDueMaterial(until)));
    mustScrub = true;
    key.dueMaterial(until).forEach(generation -> record(key, generation));
  }

  private void record(KmsKey key, Generation generation) {
    trail.record(
        new AuditEvent(
            generation.isUsable() ? EXPIRED : DELETED,
            false,
            null,
            key.arn(),
            null,
            EncryptionContext.EMPTY,
            Map.of("keyMaterialId", generation.materialId().text()),
            null,
            null,
            null,
            null));
  }

  /** Has material that was just removed overwritten where the database keeps copies of it. */
  public void scrubSoon() {
    mustScrub = true;
    try {
      scrub();
    } catch (KmsException e) {
      LOG.log(Level.WARNING, "Deleted key material is still in the log: " + e.getMessage());
    }
  }

  private void scrub() {
    mustScrub = !storage.deletions().scrub();
  }
}
