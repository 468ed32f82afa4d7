// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What callers ask of the journal's thread, and when it does what nobody asks for.
 *
 * <p>Not thread-safe: all but {@link #next} is called under the recorder's lock.
 */
final class Errands {
  // Forcing begins well before the recorder's limit, to leave time for the disk; the thread looks
  // often
  // enough that callers need not tell it of each record.
  private static final long FORCE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  // After so many ticks without work the thread sleeps until a caller wakes it, which costs that
  // caller some microseconds; it only looks whether its journal was forgotten.
  private static final int TICKS_BEFORE_SLEEP = 25;
  private static final long SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What the thread has to do next. */
  enum Task {
    OPEN,
    MAKE_ROOM,
    FORCE,
    CHECKPOINT,
    END
  }

  private final ReentrantLock lock;
  private final Condition work;
  private final DiskProgress disk;
  private boolean isOpenWanted;
  private boolean isRoomWanted;
  private boolean isEndWanted;
  private boolean isAsleep;
  private int waitingForDisk;

  Errands(ReentrantLock lock, DiskProgress disk) {
    this.lock = lock;
    this.work = lock.newCondition();
    this.disk = disk;
  }

  void wantStream() {
    isOpenWanted = true;
    work.signal();
  }

  boolean isStreamWanted() {
    return isOpenWanted;
  }

  void wantRoom() {
    isRoomWanted = true;
    work.signal();
  }

  boolean isRoomWanted() {
    return isRoomWanted;
  }

  /** One more caller waits until its record is on the disk. */
  void wantForce() {
    waitingForDisk++;
    work.signal();
  }

  void wantForceNoMore() {
    waitingForDisk--;
  }

  void wantEnd() {
    isEndWanted = true;
    work.signal();
  }

  boolean isEndWanted() {
    return isEndWanted;
  }

  /** There are records to force, and were none. */
  void wakeIfAsleep() {
    if (isAsleep) {
      work.signal();
    }
  }

  void streamOpened() {
    isOpenWanted = false;
  }

  void roomMade() {
    isRoomWanted = false;
  }

  /** What was wanted was tried, and cannot be had. */
  void allFailed() {
    isOpenWanted = false;
    isRoomWanted = false;
  }

  /**
   * Waits until there is something to do; called by the journal's thread without the lock.
   *
   * @param isForgotten whether nobody holds the journal any more
   * @param isCheckpointDue whether a checkpoint should be made now that all is on the disk
   */
  Task next(BooleanSupplier isForgotten, BooleanSupplier isCheckpointDue) {
    lock.lock();
    try {
      for (int ticks = 0; ; ticks++) {
        if (isEndWanted) {
          return Task.END;
        }
        if (isOpenWanted) {
          return Task.OPEN;
        }
        if (isRoomWanted) {
          return Task.MAKE_ROOM;
        }
        if (disk.isDirty() && isForceDue()) {
          return Task.FORCE;
        }
        if (!disk.isDirty() && isCheckpointDue.getAsBoolean()) {
          return Task.CHECKPOINT;
        }
        if (disk.isDirty() || ticks < TICKS_BEFORE_SLEEP) {
          pause(TICK_NANOS);
        } else {
          isAsleep = true;
          pause(SLEEP_NANOS);
          isAsleep = false;
          isEndWanted |= isForgotten.getAsBoolean();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isForceDue() {
    return waitingForDisk > 0 || disk.dirtyForNanos(System.nanoTime()) >= FORCE_AFTER_NANOS;
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  private void pause(long nanos) {
    try {
      work.awaitNanos(nanos);
    } catch (InterruptedException e) {
      throw new AssertionError("The journal's thread cannot be interrupted", e);
    }
  }
}
