// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import java.time.Instant;
import java.util.Optional;

/**
 * What GetKeyRotationStatus tells.
 *
 * @param periodInDays how often the key rotates by itself; empty where it does not
 * @param nextRotation when it does next, unless its use comes first
 * @param use after how much use it does; empty where that does not matter
 */
public record KeyRotationStatus(
    KeyArn arn, Optional<Integer> periodInDays, Optional<Instant> nextRotation, Optional<Use> use) {

  /**
   * After how much use of its current material a key rotates, and how much that had: all of this
   * process, and of others what they have told so far.
   *
   * @param maxMessages empty for any number
   * @param maxBytes empty for any number
   */
  public record Use(
      Optional<Long> maxMessages, Optional<Long> maxBytes, long messages, long bytes) {}

  /** Returns whether the key rotates by itself. */
  public boolean isEnabled() {
    return periodInDays.isPresent();
  }
}
