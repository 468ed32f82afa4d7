// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.UseLimit;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.storage.KeyStorage;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes new generations of keys, and rotates those whose date has come or that were used enough.
 * Every process looks; a key is rotated by the one that is first to save it, and the others leave
 * it. Thread-safe.
 */
public final class KeyRotator {
  private static final Logger LOG = System.getLogger(KeyRotator.class.getName());
  private static final String EVENT = "RotateKey";
  private static final int COUNTING_ATTEMPTS = 20;

  private final DueWork due = new DueWork(LOG, "Keys that are due for rotation");
  private final BackingKeys backingKeys;
  private final KeyStorage storage;
  private final AuditTrail trail;
  private final Clock clock;

  public KeyRotator(BackingKeys backingKeys, KeyStorage storage, AuditTrail trail, Clock clock) {
    this.backingKeys = backingKeys;
    this.storage = storage;
    this.trail = trail;
    this.clock = clock;
  }

  /** Rotates what is due. What fails is tried again by the next look: a log line says so. */
  public void run() {
    due.look(
        () ->
            due.each(
                storage.dueForRotation(clock.instant(), DueWork.BATCH),
                key -> storage.findKey(key).filter(this::isRotated).isPresent()));
  }

  private boolean isRotated(KmsKey key) {
    Instant now = clock.instant();
    Optional<RotationSchedule> schedule = key.rotation().filter(next -> !next.next().isAfter(now));
    if (schedule.isEmpty()) {
      return false;
    }
    KmsKey rotated =
        key.rotated(generation(key, RotationType.AUTOMATIC))
            .withRotation(Optional.of(after(schedule.get(), now)));
    storage.save(List.of(rotated));
    record(key, rotated.current());
    return true;
  }

  /** A key that was disabled for years, or that nobody looked at, is not rotated once for each. */
  private static RotationSchedule after(RotationSchedule due, Instant now) {
    Duration period = Duration.ofDays(due.periodInDays());
    Instant next = due.next().plus(period);
    return due.withNext(next.isAfter(now) ? next : now.plus(period));
  }

  /**
   * Adds to the use that the current material of a key had, and rotates the key where that is
   * enough.
   *
   * @param material that was used; where it is no longer current, its use no longer matters
   * @return false if others changed the key again and again: it is not counted then
   */
  public boolean countUse(KeyId id, KeyMaterialId material, long messages, long bytes) {
    for (int attempt = 0; attempt < COUNTING_ATTEMPTS; attempt++) {
      Optional<KmsKey> key = storage.findKey(id).filter(found -> isLimited(found, material));
      if (key.isEmpty() || isCounted(key.get(), messages, bytes)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLimited(KmsKey key, KeyMaterialId material) {
    return key.rotation().flatMap(RotationSchedule::limit).isPresent()
        && key.current().materialId().equals(material);
  }

  private boolean isCounted(KmsKey key, long messages, long bytes) {
    RotationSchedule schedule = key.rotation().orElseThrow();
    UseLimit limit = schedule.limit().orElseThrow().plus(messages, bytes);
    boolean rotates = limit.isReached() && key.state() == KeyState.ENABLED;
    KmsKey changed =
        rotates
            ? key.rotated(generation(key, RotationType.AUTOMATIC))
            : key.withRotation(Optional.of(schedule.withLimit(Optional.of(limit))));
    try {
      storage.save(List.of(changed));
    } catch (KmsException.Conflict e) {
      return false; // another process counted at the same time
    }
    if (rotates) {
      record(key, changed.current());
    }
    return true;
  }

  /**
   * Makes material for a key; it is nobody's until it is saved with it.
   *
   * @throws KmsException.UnsupportedOperation if the HSM cannot do that, with the reason
   */
  public Generation generation(KmsKey key, RotationType type) {
    return backingKeys
        .create(
            new BackingKeys.Request(
                key.keyId(), key.spec(), key.usage(), key.origin(), key.level()))
        .madeBy(type);
  }

  /**
   * Puts on record that a key was rotated. A process that is killed just before leaves what the
   * trail has of the store: that the key was changed.
   *
   * @param before the key as it was
   */
  public void record(KmsKey before, Generation newest) {
    trail.record(
        new AuditEvent(
            EVENT,
            false,
            null,
            before.arn(),
            null,
            EncryptionContext.EMPTY,
            Map.of(
                "rotationType", newest.rotation().map(RotationType::name).orElse(""),
                "keyOrigin", before.origin().name(),
                "previousKeyMaterialId", before.current().materialId().text(),
                "currentKeyMaterialId", newest.materialId().text()),
            null,
            null,
            null,
            null));
  }
}
