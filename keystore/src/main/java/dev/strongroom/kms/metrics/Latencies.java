// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long calls took, as a histogram: four buckets for each power of two of nanoseconds, so that a
 * value in the middle of its bucket is at most an eighth off. Thread-safe.
 */
final class Latencies {
  private static final int PER_OCTAVE = 4;
  private static final int LOWEST_EXPONENT = 2;

  /** 2^43 ns are more than two hours. */
  private static final int HIGHEST_EXPONENT = 43;

  private static final int BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT + 1) * PER_OCTAVE;

  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
  private final LongAdder totalNanos = new LongAdder();

  void add(long nanos) {
    buckets.incrementAndGet(bucket(nanos));
    totalNanos.add(nanos);
  }

  private static int bucket(long nanos) {
    long atLeast = Math.max(1L << LOWEST_EXPONENT, nanos);
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(atLeast);
    if (exponent > HIGHEST_EXPONENT) {
      return BUCKETS - 1;
    }
    int quarter = (int) (atLeast >>> (exponent - LOWEST_EXPONENT)) - PER_OCTAVE;
    return (exponent - LOWEST_EXPONENT) * PER_OCTAVE + quarter;
  }

  private static double middleNanos(int bucket) {
    int shift = bucket / PER_OCTAVE;
    return (PER_OCTAVE + bucket % PER_OCTAVE + 0.5) * (1L << shift);
  }

  Snapshot snapshot() {
    long[] counts = new long[BUCKETS];
    long count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = buckets.get(i);
      count += counts[i];
    }
    return new Snapshot(counts, count, totalNanos.sum());
  }

  /** The histogram at one time. */
  @SuppressWarnings("ArrayRecordComponent") // lives for the length of one method
  record Snapshot(long[] counts, long count, long totalNanos) {
    static final Snapshot NONE = new Snapshot(new long[0], 0, 0);

    /** Returns the time that this part of the calls did not exceed; 0 where there are none. */
    double quantileNanos(double part) {
      long rest = (long) Math.ceil(part * count);
      for (int i = 0; i < counts.length && rest > 0; i++) {
        rest -= counts[i];
        if (rest <= 0) {
          return middleNanos(i);
        }
      }
      return 0;
    }
  }
}
