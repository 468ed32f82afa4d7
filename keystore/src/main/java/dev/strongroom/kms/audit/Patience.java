// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * One caller's waiting for the journal's thread: no interrupt cuts it short, and it does not last
 * for ever. Ended, it interrupts the caller again if that was tried meanwhile.
 */
final class Patience implements AutoCloseable {
  static final int SECONDS = 30;

  private final Condition condition;
  private final long sinceNanos = System.nanoTime();
  private final long deadlineNanos = sinceNanos + TimeUnit.SECONDS.toNanos(SECONDS);
  private boolean wasInterrupted;

  Patience(Condition condition) {
    this.condition = condition;
  }

  /** Waits for a signal, or a little; callers look again what is so. False when patience ends. */
  boolean await() {
    return await(Long.MAX_VALUE);
  }

  /**
   * Does the same.
   *
   * @param mostNanos for how long to wait at most before looking again
   */
  @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
  boolean await(long mostNanos) {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      condition.awaitNanos(Math.min(left, mostNanos));
    } catch (InterruptedException e) {
      wasInterrupted = true;
    }
    return true;
  }

  boolean isOlderThan(long nanos) {
    return System.nanoTime() - sinceNanos >= nanos;
  }

  @Override
  public void close() {
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
