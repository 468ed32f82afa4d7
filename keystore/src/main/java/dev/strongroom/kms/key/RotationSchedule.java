// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.time.Instant;
import java.util.Optional;

/**
 * When a key rotates by itself.
 *
 * @param periodInDays 90 to 2560
 * @param next when it is due
 * @param limit after how much use it is due before that; empty where use does not matter
 */
public record RotationSchedule(int periodInDays, Instant next, Optional<UseLimit> limit) {

  /** Makes one that looks at the date only. */
  public RotationSchedule(int periodInDays, Instant next) {
    this(periodInDays, next, Optional.empty());
  }

  public RotationSchedule withNext(Instant date) {
    return new RotationSchedule(periodInDays, date, limit);
  }

  public RotationSchedule withLimit(Optional<UseLimit> newLimit) {
    return new RotationSchedule(periodInDays, next, newLimit);
  }
}
