// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.storage.DeletionStorage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that was seen to pass, which a clock set forward does not make pass. What is done for
 * good when a date has come waits for it.
 *
 * <p>The store keeps the latest time that a KMS believed. The clock is believed
 *
 * <ul>
 *   <li>in a process that looks for the first time: up to {@link #LONGEST_ABSENCE} beyond the
 *       store's time, as if nobody had looked meanwhile;
 *   <li>from then on: as far as the processor's own timer confirms it, give or take {@link
 *       #TOLERANCE};
 *   <li>beyond that, once it ran evenly for {@link #PROBATION} by that timer in one process, after
 *       {@link #confirm}, or where nothing waits yet, see {@link #begin}.
 * </ul>
 *
 * <p>Until then time passes as the timer says. It never goes back but by {@link #confirm}. Whoever
 * sets the clock forward by less than a day at a time, and starts a process each time, is believed:
 * the trail has the times of those. Thread-safe.
 */
public final class PassedTime {
  static final Duration LONGEST_ABSENCE = Duration.ofDays(1);
  static final Duration PROBATION = Duration.ofDays(1);
  static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** Clocks run differently by far less; what they differ by adds up in a process of months. */
  private static final long DRIFT = 1000;

  /** How old the store's time may become before it is saved again. */
  private static final Duration SAVING = Duration.ofHours(1);

  private final DeletionStorage storage;
  private final Clock clock;
  private final LongSupplier nanoTime;

  /** The time that was believed last, and the timer then. */
  private @Nullable Mark believed;

  /** Since when the clock is not believed, by itself and by the timer; null while it is. */
  private @Nullable Mark doubted;

  private record Mark(Instant time, long nanos) {

    /** Returns what time it is if the timer is right. */
    Instant at(long now) {
      return time.plusNanos(now - nanos);
    }
  }

  /**
   * @param nanoTime a monotonic timer, {@code System::nanoTime}
   */
  public PassedTime(DeletionStorage storage, Clock clock, LongSupplier nanoTime) {
    this.storage = storage;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Returns the time up to which time was seen to pass, and saves it where that is due. */
  public synchronized Instant look() {
    Instant now = clock.instant();
    long nanos = nanoTime.getAsLong();
    Optional<Instant> stored = storage.seenTime();
    Instant known = stored.orElse(now);
    Instant passed = latest(known, believed(now, nanos, known));
    if (stored.isEmpty() || passed.isAfter(known.plus(SAVING))) {
      storage.saveSeenTime(passed);
    }
    return passed;
  }

  /**
   * Returns until when something has to be due to be done for good: both must say so, the time that
   * was seen to pass, and the clock of this process.
   */
  Instant due() {
    Instant passed = look();
    Instant now = clock.instant();
    return passed.isBefore(now) ? passed : now;
  }

  /**
   * Returns the time from which a new wait is counted. While nothing else waits the clock is
   * believed: there is no wait that it could shorten, and the store's time may be of long ago.
   */
  public synchronized Instant begin() {
    return storage.earliest().isEmpty() ? confirm() : look();
  }

  /** Returns whether the clock of this process is not believed at the moment. */
  public synchronized boolean isClockDoubted() {
    return doubted != null;
  }

  /** Believes the clock, whatever was seen before, and returns what it says. */
  public synchronized Instant confirm() {
    Instant now = clock.instant();
    believe(now, nanoTime.getAsLong());
    storage.saveSeenTime(now);
    return now;
  }

  private Instant believed(Instant now, long nanos, Instant known) {
    if (!now.isAfter(latest(known, limit(nanos, known))) || hasStoodTheTest(now, nanos)) {
      believe(now, nanos);
      return now;
    }
    return believed == null ? known : believed.at(nanos);
  }

  /** Returns the latest time that the clock is believed to be. */
  private Instant limit(long nanos, Instant known) {
    if (believed == null) {
      return known.plus(LONGEST_ABSENCE);
    }
    long drift = (nanos - believed.nanos()) / DRIFT;
    return believed.at(nanos).plusNanos(drift).plus(TOLERANCE);
  }

  private void believe(Instant now, long nanos) {
    // The first mark of a process stays: small steps would add up from look to look.
    if (believed == null || doubted != null || now.isBefore(believed.at(nanos).minus(TOLERANCE))) {
      believed = new Mark(now, nanos);
    }
    doubted = null;
  }

  /** Returns whether the doubted clock has run evenly for long enough. */
  private boolean hasStoodTheTest(Instant now, long nanos) {
    Mark since = doubted;
    if (since == null || Duration.between(since.at(nanos), now).abs().compareTo(TOLERANCE) > 0) {
      doubted = new Mark(now, nanos);
      return false;
    }
    return nanos - since.nanos() >= PROBATION.toNanos();
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
