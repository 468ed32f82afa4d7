// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import java.time.Instant;
import java.util.Optional;

/**
 * What GetKeyRotationStatus tells.
 *
 * @param periodInDays how often the key rotates by itself; empty where it does not
 * @param nextRotation when it does next
 */
public record KeyRotationStatus(
    KeyArn arn, Optional<Integer> periodInDays, Optional<Instant> nextRotation) {

  /** Returns whether the key rotates by itself. */
  public boolean isEnabled() {
    return periodInDays.isPresent();
  }
}
