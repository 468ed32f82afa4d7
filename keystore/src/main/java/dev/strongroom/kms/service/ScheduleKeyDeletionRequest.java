// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import java.util.OptionalInt;

/**
 * What ScheduleKeyDeletion is given.
 *
 * @param pendingWindowInDays how long the deletion can be cancelled, 7 to 30
 * @param requiredQuietDays for how many days, 1 to 3650, the trail must show no use of the key; not
 *     in AWS
 */
public record ScheduleKeyDeletionRequest(
    KeyRef key, int pendingWindowInDays, OptionalInt requiredQuietDays) {
  private static final int DEFAULT_DAYS = 30;
  private static final int MIN_DAYS = 7;
  private static final int MAX_DAYS = 30;
  private static final int MAX_QUIET_DAYS = 3650;

  /**
   * @throws KmsException.Validation if a number of days is out of its range
   */
  public ScheduleKeyDeletionRequest {
    if (pendingWindowInDays < MIN_DAYS || pendingWindowInDays > MAX_DAYS) {
      throw new KmsException.Validation(
          "A pending window has 7 to 30 days, and not " + pendingWindowInDays + ".");
    }
    if (requiredQuietDays.isPresent()
        && (requiredQuietDays.getAsInt() < 1 || requiredQuietDays.getAsInt() > MAX_QUIET_DAYS)) {
      throw new KmsException.Validation(
          "A quiet period has 1 to 3650 days, and not " + requiredQuietDays.getAsInt() + ".");
    }
  }

  /** With a window of 30 days and no demand of a quiet period. */
  public static ScheduleKeyDeletionRequest of(KeyRef key) {
    return new ScheduleKeyDeletionRequest(key, DEFAULT_DAYS, OptionalInt.empty());
  }

  public ScheduleKeyDeletionRequest withPendingWindow(int days) {
    return new ScheduleKeyDeletionRequest(key, days, requiredQuietDays);
  }

  /** Demands that the key was not used for so many days. */
  public ScheduleKeyDeletionRequest withRequiredQuietDays(int days) {
    return new ScheduleKeyDeletionRequest(key, pendingWindowInDays, OptionalInt.of(days));
  }
}
