// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.ExpirationModel;
import dev.strongroom.kms.ImportState;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyMaterialState;
import dev.strongroom.kms.RotationType;
import java.time.Instant;
import java.util.Optional;

/**
 * One generation of a key's material, as ListKeyRotations shows it.
 *
 * @param arn the key, whatever it was named by
 * @param keyMaterialId 64 hexadecimal digits
 * @param state whether it encrypts
 * @param date when it was made, or became current
 * @param type what had it made; empty for the first one of a key
 * @param imported what else there is to say of imported material; empty for other
 */
public record KeyRotationEntry(
    KeyArn arn,
    String keyMaterialId,
    KeyMaterialState state,
    Instant date,
    Optional<RotationType> type,
    Optional<Imported> imported) {

  /**
   * Of material that was imported.
   *
   * @param model empty where the material is not there
   * @param validTo from when on it is unusable; empty for never
   * @param destructionDate until when deleted material can be restored
   * @param description up to 256 characters
   */
  public record Imported(
      ImportState state,
      Optional<ExpirationModel> model,
      Optional<Instant> validTo,
      Optional<Instant> destructionDate,
      String description) {}

  /** Returns whether it encrypts; the others only decrypt, or do not yet. */
  public boolean isCurrent() {
    return state == KeyMaterialState.CURRENT;
  }
}
