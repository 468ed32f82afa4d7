// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;

/**
 * What EnableKeyRotation is asked for.
 *
 * @param periodInDays 90 to 2560
 * @param withOverlap whether an HMAC or asymmetric key may rotate, too, which AWS refuses: the
 *     newest material signs, and all verify
 */
public record EnableKeyRotationRequest(KeyRef key, int periodInDays, boolean withOverlap) {

  /** Asks as in AWS: for symmetric keys. */
  public static EnableKeyRotationRequest of(KeyRef key, int periodInDays) {
    return new EnableKeyRotationRequest(key, periodInDays, false);
  }

  /** Returns the same for an HMAC or asymmetric key as well. */
  public EnableKeyRotationRequest overlapping() {
    return new EnableKeyRotationRequest(key, periodInDays, true);
  }
}
