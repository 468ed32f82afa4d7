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
  private final long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
  private boolean wasInterrupted;

  Patience(Condition condition) {
    this.condition = condition;
  }

  /** Waits for a signal, or a little; callers look again what is so. False when patience ends. */
  @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
  boolean await() {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      condition.awaitNanos(left);
    } catch (InterruptedException e) {
      wasInterrupted = true;
    }
    return true;
  }

  @Override
  public void close() {
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
