// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import java.time.Duration;

/**
 * How long work that others must not feel pauses between batches: three times as long as the batch
 * took, but not so long that all of it would take more than eight minutes; then as much shorter,
 * down to a tenth.
 */
final class Pace {
  private static final long PAUSE_FACTOR = 3;
  private static final long LEAST_PART = 10;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration ALL = Duration.ofMinutes(8);

  private final long endNanos;

  Pace(long startNanos) {
    this.endNanos = startNanos + ALL.toNanos();
  }

  /**
   * Returns how long to wait.
   *
   * @param startNanos when the batch began
   * @param nowNanos when it was done
   * @param left how many batches of its size are to come
   */
  Duration pause(long startNanos, long nowNanos, long left) {
    long took = Math.max(0, nowNanos - startNanos);
    long share = Math.max(0, endNanos - nowNanos) / Math.max(1, left);
    long pause = Math.min(PAUSE_FACTOR * took, share - took);
    return Duration.ofNanos(Math.min(LONGEST_PAUSE.toNanos(), Math.max(took / LEAST_PART, pause)));
  }
}
