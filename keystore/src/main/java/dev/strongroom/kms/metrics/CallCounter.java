// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls of one kind. Thread-safe; threads that count at the same time do so in cache lines
 * of their own.
 *
 * <p>To look at the clock costs more than to count. So of a kind that is fast and called often only
 * some are measured: those that began in a nanosecond whose number is a multiple of 16, which is a
 * fair draw that needs no state.
 */
public final class CallCounter {
  private static final long ALL_UP_TO = 1000;
  private static final long DRAW = 16 - 1;

  private final LongAdder calls = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicLong measured = new AtomicLong();
  private final boolean measuresAll;

  /** Null until the first call ended: most operations are never called. */
  private volatile @Nullable Latencies latencies;

  /** Not volatile: whoever sees it late measures some calls more. */
  private boolean draws;

  private CallCounter(boolean measuresAll) {
    this.measuresAll = measuresAll;
  }

  /** Returns a counter of calls that take long enough for each to be measured. */
  static CallCounter measuringAll() {
    return new CallCounter(true);
  }

  /** Returns a counter that measures the first thousand calls, then one in 16. */
  static CallCounter measuringSome() {
    return new CallCounter(false);
  }

  /** Counts a call. */
  public void called() {
    calls.increment();
  }

  /** Counts it as one that was not let through. */
  public void refused() {
    refusals.increment();
  }

  /** Counts it as one that was let through and failed. */
  public void failed() {
    failures.increment();
  }

  /**
   * A call that was let through ended, well or not.
   *
   * @param startNanos when it began, by {@link System#nanoTime}
   */
  public void ended(long startNanos) {
    if (draws && (startNanos & DRAW) != 0) {
      return;
    }
    latencies().add(System.nanoTime() - startNanos);
    if (!measuresAll && measured.incrementAndGet() == ALL_UP_TO) {
      draws = true;
    }
  }

  private Latencies latencies() {
    Latencies known = latencies;
    return known == null ? makeLatencies() : known;
  }

  private synchronized Latencies makeLatencies() {
    Latencies known = latencies;
    if (known == null) {
      known = new Latencies();
      latencies = known;
    }
    return known;
  }

  CallMetrics metrics() {
    Latencies known = latencies;
    return new CallMetrics(
        calls.sum(),
        refusals.sum(),
        failures.sum(),
        known == null ? Latencies.Snapshot.NONE : known.snapshot());
  }
}
