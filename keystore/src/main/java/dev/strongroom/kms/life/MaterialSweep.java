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

/**
 * Destroys imported key material that has expired, or that was deleted and can no longer be
 * restored. Nobody can use it any more by then: this only has it gone from the store. It waits for
 * the time that was seen to pass, so that a clock set forward destroys nothing. Thread-safe.
 */
public final class MaterialSweep {
  private static final Logger LOG = System.getLogger(MaterialSweep.class.getName());
  private static final String EXPIRED = "DeleteExpiredKeyMaterial";
  private static final String DELETED = "DestroyDeletedKeyMaterial";
  private static final int BATCH = 100;

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
    try {
      if (!storage.withDueMaterial(clock.instant(), 1).isEmpty()) {
        destroyDue(until());
      }
      if (mustScrub) {
        scrub();
      }
    } catch (KmsException e) {
      LOG.log(Level.WARNING, "Key material that is to be destroyed has to wait: " + e.getMessage());
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "The KMS was closed during a sweep", e);
    }
  }

  /** Both must say so: the time that passed, and the clock of this process. */
  private Instant until() {
    Instant passed = time.look();
    Instant now = clock.instant();
    return passed.isBefore(now) ? passed : now;
  }

  private void destroyDue(Instant until) {
    for (KeyId id : storage.withDueMaterial(until, BATCH)) {
      try {
        storage.findKey(id).ifPresent(key -> destroy(key, until));
      } catch (KmsException.Conflict e) {
        LOG.log(Level.DEBUG, "Somebody else changed key {0}: the next sweep looks again", id);
      } catch (KmsException.StoreTampered e) {
        LOG.log(Level.WARNING, "Key " + id + " has material that is due: " + e.getMessage());
      }
    }
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
