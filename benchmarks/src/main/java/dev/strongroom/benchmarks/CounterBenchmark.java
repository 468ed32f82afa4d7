// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.metrics.CallCounter;
import dev.strongroom.kms.metrics.Counters;
import dev.strongroom.kms.metrics.FlightRecorderEvents;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it adds to a call that it is counted, and beside it what looking at the clock costs, which a
 * call does once in any case. Two threads show whether they meet.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CounterBenchmark {
  private final Counters counters = new Counters();

  /** The beginning of a call, as it is without counters. */
  @Benchmark
  public long clock() {
    return System.nanoTime();
  }

  /** The same, and all that is counted of an Encrypt. */
  @Benchmark
  public long clockAndCounters() {
    return count();
  }

  @Benchmark
  @Threads(2)
  public long clockOfTwo() {
    return System.nanoTime();
  }

  @Benchmark
  @Threads(2)
  public long clockAndCountersOfTwo() {
    return count();
  }

  private long count() {
    long start = System.nanoTime();
    if (FlightRecorderEvents.operation() != null) {
      throw new AssertionError("No recording runs");
    }
    CallCounter counter = counters.operations().of(Operation.ENCRYPT);
    counter.called();
    counters.subkeys().found();
    counter.ended(start);
    return start;
  }
}
