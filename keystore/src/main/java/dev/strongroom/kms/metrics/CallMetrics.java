// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

/**
 * Calls of one kind, and how long they took. A class with getters and no record: that is the form
 * which JMX of all JDKs shows.
 *
 * <p>Times count from the beginning of a call to its result, for calls that were let through. The
 * first thousand are measured all, later ones of operations one in 16. Median and percentile are at
 * most an eighth away.
 */
public final class CallMetrics {
  private final long calls;
  private final long refusals;
  private final long failures;
  private final long measured;
  private final long measuredNanos;
  private final double medianNanos;
  private final double p99Nanos;
  private final double maxNanos;

  CallMetrics(long calls, long refusals, long failures, Latencies.Snapshot taken) {
    this.calls = calls;
    this.refusals = refusals;
    this.failures = failures;
    this.measured = taken.count();
    this.measuredNanos = taken.totalNanos();
    this.medianNanos = taken.quantileNanos(0.5);
    this.p99Nanos = taken.quantileNanos(0.99);
    this.maxNanos = taken.quantileNanos(1);
  }

  public long getCalls() {
    return calls;
  }

  /** Returns how many of the calls were not let through. */
  public long getRefusals() {
    return refusals;
  }

  /** Returns how many of the calls failed after they were let through. */
  public long getFailures() {
    return failures;
  }

  /** Returns of how many calls the time is known. */
  public long getMeasured() {
    return measured;
  }

  /** Returns how long the measured calls took together. */
  public double getMeasuredMicros() {
    return micros((double) measuredNanos);
  }

  /** Returns the mean of the measured calls; 0 if there are none. */
  public double getMeanMicros() {
    return measured == 0 ? 0 : micros((double) measuredNanos / measured);
  }

  public double getMedianMicros() {
    return micros(medianNanos);
  }

  /** Returns the time that 99 of 100 measured calls did not exceed. */
  public double getP99Micros() {
    return micros(p99Nanos);
  }

  public double getMaxMicros() {
    return micros(maxNanos);
  }

  private static double micros(double nanos) {
    return nanos / 1000;
  }

  @Override
  public String toString() {
    return calls + " calls, " + refusals + " refused, " + failures + " failed";
  }
}
