// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading a long trail of a thousand keys. Each run starts cold, as a command does; the files are
 * in the system's cache.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class TrailBenchmark {
  private static final int KEYS = 1000;

  @Param("10000000")
  public int records;

  private Path folder;
  private Journal journal;

  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = TrailFolder.make();
    try (Journal writing = TrailFolder.journal(folder)) {
      AuditEvent[] events = new AuditEvent[KEYS];
      for (int key = 0; key < KEYS; key++) {
        events[key] = TrailFolder.decrypt(key);
      }
      for (int i = 0; i < records; i++) {
        // The last of the keys is used once, in the middle.
        writing.record(events[i == records / 2 ? KEYS - 1 : i % (KEYS - 1)]);
      }
    }
    journal = TrailFolder.journal(folder);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    journal.close();
    TrailFolder.delete(folder);
  }

  @Benchmark
  public List<Verification> validate() {
    return journal.verify();
  }

  @Benchmark
  public List<AuditRecord> lookUpAKeyInUse() {
    return journal.lookup(ofKey(0));
  }

  @Benchmark
  public List<AuditRecord> lookUpAKeyUsedOnce() {
    return journal.lookup(ofKey(KEYS - 1));
  }

  private static AuditQuery ofKey(int key) {
    return AuditQuery.newest(50)
        .with(
            new AuditQuery.Attribute(AuditQuery.AttributeKey.RESOURCE_NAME, TrailFolder.key(key)));
  }
}
