// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.OptionalLong;

/**
 * How far the records of this process are on the disk. Records are counted from 1 over all streams;
 * a record's number is its ticket.
 *
 * <p>Not thread-safe: guarded by the recorder's lock. Times are {@link System#nanoTime}.
 */
final class DiskProgress {
  private long recorded;
  private long forced;
  private boolean wasForced;
  private long forcedAtNanos;
  private boolean isMirrored;
  private long mirrored;
  private long mirroredSinceNanos;
  private long lost;
  private boolean isDirty;
  private long dirtySinceNanos;
  private boolean isForcing;
  private long forcingSinceNanos;

  /** Returns how many records there were. */
  long recorded() {
    return recorded;
  }

  /** Returns how long ago records were last taken to the disk; empty if none were. */
  OptionalLong forcedAgoNanos(long now) {
    return wasForced ? OptionalLong.of(now - forcedAtNanos) : OptionalLong.empty();
  }

  /** Counts a record; returns its ticket. */
  long add(long now) {
    if (!isDirty) {
      isDirty = true;
      dirtySinceNanos = now;
    }
    return ++recorded;
  }

  /** Returns whether there are records that no forcing has begun to take to the disk. */
  boolean isDirty() {
    return isDirty;
  }

  /** Returns how long there have been. */
  long dirtyForNanos(long now) {
    return now - dirtySinceNanos;
  }

  /** Returns for how long the oldest record that is not on any disk has not been. */
  long unforcedForNanos(long now) {
    long here = isForcing ? now - forcingSinceNanos : isDirty ? dirtyForNanos(now) : 0;
    return isMirrored ? Math.min(here, unmirroredForNanos(now)) : here;
  }

  /** At most: what came after the last look at the stream came after its time. */
  private long unmirroredForNanos(long now) {
    return mirrored >= recorded ? 0 : now - mirroredSinceNanos;
  }

  /**
   * The other disk has all records up to one, and follows.
   *
   * @param seenNanos when that was the last record
   */
  void mirrored(long last, long seenNanos) {
    isMirrored = true;
    mirrored = last;
    mirroredSinceNanos = seenNanos;
    forced = Math.max(forced, last);
  }

  boolean isMirrored() {
    return isMirrored;
  }

  /** The other disk does not follow any more. */
  void mirrorLost() {
    isMirrored = false;
  }

  boolean isForced(long ticket) {
    return ticket <= forced;
  }

  /** Returns whether the record was in a stream that was given up before it was on the disk. */
  boolean isLost(long ticket) {
    return ticket > forced && ticket <= lost;
  }

  /** Forcing begins: until it ends, nothing is younger than the oldest record was. */
  void beginForce() {
    isForcing = true;
    forcingSinceNanos = dirtySinceNanos;
  }

  /** Returns the ticket of the last record that forcing takes along if it asks the disk now. */
  long lastToForce() {
    isDirty = false;
    return recorded;
  }

  void endForce(long last, long now) {
    forced = Math.max(forced, last);
    wasForced = true;
    forcedAtNanos = now;
    isForcing = false;
  }

  /** The stream ended with all of its records on the disk. */
  void allForced(long now) {
    endForce(lastToForce(), now);
  }

  /** The stream was given up: what is not on the disk by now never will be for certain. */
  void giveUp() {
    lost = recorded;
    isDirty = false;
    isForcing = false;
  }
}
