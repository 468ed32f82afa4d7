// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.ImportState;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyMaterialState;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.UseLimit;
import dev.strongroom.kms.life.KeyRotator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand and
 * ListKeyRotations.
 */
final class KeyRotations {

  private static final int MAX_ON_DEMAND = 25;

  /** So long before an automatic rotation none is made on demand. */
  private static final Duration CLOSE = Duration.ofMinutes(20);

  private final Gate gate;
  private final KeyAdministration keys;
  private final KeyReplication replication;
  private final KeyRotator rotator;
  private final UseCounts useCounts;
  private final Clock clock;

  KeyRotations(
      Gate gate,
      KeyAdministration keys,
      KeyReplication replication,
      KeyRotator rotator,
      UseCounts useCounts,
      Clock clock) {
    this.gate = gate;
    this.keys = keys;
    this.replication = replication;
    this.rotator = rotator;
    this.useCounts = useCounts;
    this.clock = clock;
  }

  void enable(Caller caller, EnableKeyRotationRequest request) {
    keys.change(
        RotationRules.overlapping(
            Call.of(caller, Operation.ENABLE_KEY_ROTATION, request.parameters()),
            request.withOverlap()),
        request.key(),
        key -> rotating(key, request, now()));
  }

  /** Returns a key that rotates as the request says. */
  static KmsKey rotating(KmsKey key, EnableKeyRotationRequest request, Instant now) {
    RotationRules.requireRotatable(key, request.withOverlap());
    requireOneRegion(key);
    return key.withRotation(Optional.of(schedule(key, request, now)));
  }

  /** A period that stays the same leaves the date; what was counted stays. */
  private static RotationSchedule schedule(
      KmsKey key, EnableKeyRotationRequest request, Instant now) {
    int days = request.periodInDays();
    return key.rotation()
        .filter(known -> known.periodInDays() == days)
        .orElseGet(() -> new RotationSchedule(days, now.plus(Duration.ofDays(days))))
        .withLimit(limit(key, request));
  }

  private static Optional<UseLimit> limit(KmsKey key, EnableKeyRotationRequest request) {
    if (request.maxMessages().isEmpty() && request.maxBytes().isEmpty()) {
      return Optional.empty();
    }
    UseLimit before =
        key.rotation().flatMap(RotationSchedule::limit).orElse(new UseLimit(0, 0, 0, 0));
    return Optional.of(
        new UseLimit(
            request.maxMessages().orElse(0L),
            request.maxBytes().orElse(0L),
            before.messages(),
            before.bytes()));
  }

  /** Returns a key that does not rotate by itself. */
  static KmsKey resting(KmsKey key) {
    RotationRules.requireRotatable(key, RotationRules.overlaps(key));
    return key.withRotation(Optional.empty());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  void disable(Caller caller, KeyRef ref) {
    keys.change(Call.of(caller, Operation.DISABLE_KEY_ROTATION), ref, KeyRotations::resting);
  }

  KeyRotationStatus status(Caller caller, KeyRef ref) {
    useCounts.tellAll(); // so that the answer has all that this process counted
    return gate.run(
        Call.of(caller, Operation.GET_KEY_ROTATION_STATUS),
        ref,
        null,
        live -> {
          KmsKey key = live.key();
          RotationRules.requireRotatable(key, RotationRules.overlaps(key));
          // A key that is kept after all has its schedule again.
          Optional<RotationSchedule> schedule =
              key.rotation().filter(any -> key.state() != KeyState.PENDING_DELETION);
          return new KeyRotationStatus(
              key.arn(),
              schedule.map(RotationSchedule::periodInDays),
              schedule.map(RotationSchedule::next),
              schedule.flatMap(RotationSchedule::limit).map(KeyRotations::use));
        });
  }

  private static KeyRotationStatus.Use use(UseLimit limit) {
    return new KeyRotationStatus.Use(
        Optional.of(limit.maxMessages()).filter(messages -> messages > 0),
        Optional.of(limit.maxBytes()).filter(bytes -> bytes > 0),
        limit.messages(),
        limit.bytes());
  }

  KeyArn rotate(Caller caller, KeyRef ref, boolean withOverlap) {
    return keys.change(
            RotationRules.overlapping(Call.of(caller, Operation.ROTATE_KEY_ON_DEMAND), withOverlap),
            ref,
            live -> {
              requireOnDemand(live.key(), withOverlap);
              replication.requireReachable(live.key());
              return new Rotated(live.key(), newest(live.key()));
            },
            (key, rotated) -> {
              requireOnDemand(key, withOverlap);
              return key.origin() == KeyOrigin.EXTERNAL
                  ? key.withGeneration(newest(key))
                  : key.rotated(rotated.newest());
            },
            rotated -> {
              rotator.record(rotated.before(), rotated.newest());
              replication.sendToAll(caller, rotated.before().rotated(rotated.newest()));
            })
        .before()
        .arn();
  }

  /** Imported material is there already. */
  private Generation newest(KmsKey key) {
    if (key.origin() != KeyOrigin.EXTERNAL) {
      return rotator.generation(key, RotationType.ON_DEMAND);
    }
    return key.pendingRotation()
        .filter(Generation::isUsable)
        .orElseThrow(
            () ->
                new KmsException.InvalidState(
                    key.arn()
                        + (key.generations().isEmpty() ? " is pending import: it" : "")
                        + " has no key material that waits for a rotation. Bring some with 'kms"
                        + " import-key-material --import-type NEW_KEY_MATERIAL'."))
        .promoted(RotationType.ON_DEMAND, now());
  }

  private record Rotated(KmsKey before, Generation newest) {}

  private void requireOnDemand(KmsKey key, boolean withOverlap) {
    RotationRules.requireOverlap(key, withOverlap);
    long before =
        key.generations().stream()
            .filter(each -> each.rotation().equals(Optional.of(RotationType.ON_DEMAND)))
            .count();
    if (before >= MAX_ON_DEMAND) {
      throw new KmsException.LimitExceeded(
          key.arn()
              + " was rotated on demand 25 times, the most that a key can be. Let it rotate by"
              + " itself with 'kms enable-key-rotation', or make another key.");
    }
    Instant close = clock.instant().plus(CLOSE);
    if (key.rotation().filter(schedule -> !schedule.next().isAfter(close)).isPresent()) {
      throw new KmsException.Conflict(
          key.arn() + " rotates by itself within 20 minutes. Wait for that.");
    }
  }

  private static void requireOneRegion(KmsKey key) {
    if (key.multiRegion().isPresent()) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " is a multi-Region key, which rotates on demand, with its replicas. Run 'kms"
              + " rotate-key-on-demand' on the primary.");
    }
  }

  Kms.Page<KeyRotationEntry> list(
      Caller caller, KeyRef ref, boolean withFirst, @Nullable String marker, int limit) {
    Pages.requireLimit(limit);
    return gate.run(
        Call.of(caller, Operation.LIST_KEY_ROTATIONS),
        ref,
        null,
        live -> {
          RotationRules.requireOverlap(live.key(), RotationRules.overlaps(live.key()));
          return Pages.of(
              after(entries(live.key(), withFirst), marker, limit + 1),
              limit,
              KeyRotationEntry::keyMaterialId);
        });
  }

  private static List<KeyRotationEntry> entries(KmsKey key, boolean withFirst) {
    return key.generations().stream()
        .filter(generation -> withFirst || generation.rotation().isPresent())
        .map(generation -> entry(key, generation))
        .toList();
  }

  private static KeyRotationEntry entry(KmsKey key, Generation generation) {
    boolean isCurrent = key.currentIfAny().filter(now -> now == generation).isPresent();
    KeyMaterialState older =
        generation.isPendingRotation()
            ? KeyMaterialState.PENDING_ROTATION
            : KeyMaterialState.NON_CURRENT;
    return new KeyRotationEntry(
        key.arn(),
        generation.materialId().text(),
        isCurrent ? KeyMaterialState.CURRENT : older,
        generation.creationDate(),
        generation.rotation(),
        generation.imported().map(KeyRotations::imported));
  }

  private static KeyRotationEntry.Imported imported(ImportedMaterial material) {
    return new KeyRotationEntry.Imported(
        material.isUsable() ? ImportState.IMPORTED : ImportState.PENDING_IMPORT,
        material.expirationModel(),
        material.validTo(),
        material.destructionDate(),
        material.description());
  }

  private static List<KeyRotationEntry> after(
      List<KeyRotationEntry> all, @Nullable String marker, int limit) {
    if (marker == null) {
      return all.stream().limit(limit).toList();
    }
    List<String> ids = all.stream().map(KeyRotationEntry::keyMaterialId).toList();
    if (!ids.contains(marker)) {
      throw Pages.invalidMarker(marker);
    }
    return all.stream().skip(ids.indexOf(marker) + 1L).limit(limit).toList();
  }
}
