// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets refusals take one time: that a key was looked up in the cache, read from the store or found
 * nowhere must not show to a caller without rights. A refusal ends 10 ms, or a multiple of it where
 * the store is slow, after it began.
 */
final class RefusalPace {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private RefusalPace() {}

  /**
   * Returns when the step is over in which it is called. An interrupt does not shorten it, else it
   * would show what this hides; the thread stays interrupted.
   *
   * @param start when the refused call began and no key was looked for, by {@link System#nanoTime}
   */
  static void await(long start) {
    boolean interrupted = false;
    long elapsed = System.nanoTime() - start;
    long end = start + (elapsed / STEP_NANOS + 1) * STEP_NANOS;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
