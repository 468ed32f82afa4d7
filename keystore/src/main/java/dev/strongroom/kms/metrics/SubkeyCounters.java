// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts uses of subkeys. Thread-safe. */
public final class SubkeyCounters {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** Makes counters that stand at zero. */
  public SubkeyCounters() {}

  /** A subkey was in the JVM. */
  public void found() {
    hits.increment();
  }

  /** A subkey had to be derived. */
  public void derived() {
    misses.increment();
  }

  public long hits() {
    return hits.sum();
  }

  public long misses() {
    return misses.sum();
  }
}
