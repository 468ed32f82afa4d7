// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.ExpirationModel;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a generation that was imported, besides its material.
 *
 * @param presence whether the material is there
 * @param isPendingRotation whether it waits to become current: nothing was encrypted with it yet
 * @param validTo from when on it is not usable; empty for never
 * @param destructionDate when deleted material is destroyed, which can be restored until then
 * @param description up to 256 characters
 */
public record ImportedMaterial(
    Presence presence,
    boolean isPendingRotation,
    Optional<Instant> validTo,
    Optional<Instant> destructionDate,
    String description) {

  /** Whether material is there. */
  public enum Presence {
    /** It is, and can be used until it expires. */
    IMPORTED,
    /** It is, wrapped, and must not be used: it was deleted and can be restored, or has expired. */
    HELD,
    /** It was destroyed; the same bytes can be imported again. */
    ABSENT
  }

  /** Returns what there is to say of material that is to stay. */
  public static ImportedMaterial toStay() {
    return new ImportedMaterial(Presence.IMPORTED, false, Optional.empty(), Optional.empty(), "");
  }

  /** Returns whether the material goes by itself; empty where it is not usable. */
  public Optional<ExpirationModel> expirationModel() {
    if (!isUsable()) {
      return Optional.empty();
    }
    return Optional.of(
        validTo.isPresent()
            ? ExpirationModel.KEY_MATERIAL_EXPIRES
            : ExpirationModel.KEY_MATERIAL_DOES_NOT_EXPIRE);
  }

  public boolean isUsable() {
    return presence == Presence.IMPORTED;
  }

  /** Returns the same of material that is unusable and goes at that time. */
  public ImportedMaterial heldUntil(Instant destruction) {
    return new ImportedMaterial(
        Presence.HELD, isPendingRotation, validTo, Optional.of(destruction), description);
  }

  /** Returns the same of material that has expired. */
  public ImportedMaterial expired() {
    return new ImportedMaterial(
        Presence.HELD, isPendingRotation, validTo, Optional.empty(), description);
  }

  /** Returns the same of material that was held and is usable again. */
  public ImportedMaterial restored() {
    return new ImportedMaterial(
        Presence.IMPORTED, isPendingRotation, validTo, Optional.empty(), description);
  }

  /** Returns the same of material that is gone. */
  public ImportedMaterial absent() {
    return new ImportedMaterial(
        Presence.ABSENT, isPendingRotation, Optional.empty(), Optional.empty(), description);
  }

  /** Returns the same of material that no longer waits for a rotation. */
  public ImportedMaterial promoted() {
    return new ImportedMaterial(presence, false, validTo, destructionDate, description);
  }

  public ImportedMaterial pendingRotation() {
    return new ImportedMaterial(presence, true, validTo, destructionDate, description);
  }

  /** Returns whether the material has expired at that time. */
  public boolean isExpired(Instant now) {
    return validTo.filter(end -> !end.isAfter(now)).isPresent();
  }

  /** Returns whether the material is there and is to be destroyed at that time. */
  public boolean isDue(Instant until) {
    return switch (presence) {
      case IMPORTED -> isExpired(until);
      case HELD -> destructionDate.filter(date -> !date.isAfter(until)).isPresent();
      case ABSENT -> false;
    };
  }
}
