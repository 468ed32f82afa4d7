// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a record of a repeated caller, key and context costs whoever waits for it; its seal and its
 * place in the tree are the work of the journal's thread, beside it.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AuditBenchmark {
  private final AuditEvent event = TrailFolder.decrypt(0);
  private Path folder;
  private Journal journal;

  @Setup
  public void open() throws IOException {
    folder = TrailFolder.make();
    journal = TrailFolder.journal(folder);
  }

  @TearDown
  public void close() throws IOException {
    journal.close();
    TrailFolder.delete(folder);
  }

  @Benchmark
  public void record() {
    journal.record(event);
  }

  @Benchmark
  @Threads(2)
  public void recordByTwoThreads() {
    journal.record(event);
  }
}
