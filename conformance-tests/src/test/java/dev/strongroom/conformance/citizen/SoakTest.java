// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * 64 threads share one KeyStore: no error, no deadlock, and nothing that grows with the number of
 * operations. {@code -Dstrongroom.soak=1000000} makes it a long run.
 */
class SoakTest {
  private static final int THREADS = 64;
  private static final int OPERATIONS = Integer.getInteger("strongroom.soak", 6_000);
  private static final int WARM_UP = 3_000;
  private static final long MOST_HEAP_GROWTH = 8L << 20;

  /** Connections that read are opened when they are needed; there are four at most. */
  private static final int MOST_MORE_FILES = 12;

  private static final int MOST_LOOKS = 100;
  private static final long MOST_MINUTES = 60;

  private final AtomicInteger next = new AtomicInteger();

  @Test
  void manyThreadsShareAKeyStoreAndNothingGrows(@TempDir Path folder, TestReporter reporter)
      throws Exception {
    try (KmsHome home = KmsHome.in(folder)) {
      MixedOperations operations = new MixedOperations(home);
      run(operations, WARM_UP);
      ProcessSize before = ProcessSize.now();

      long start = System.nanoTime();
      run(operations, OPERATIONS);
      long seconds = (System.nanoTime() - start) / 1_000_000_000;

      ProcessSize after = settled(before);
      reporter.publishEntry(
          OPERATIONS + " operations in " + seconds + " s", before + " became " + after);
      assertTrue(after.heapBytes() - before.heapBytes() < MOST_HEAP_GROWTH, before + " " + after);
      assertTrue(after.threads() <= before.threads(), before + " " + after);
      assertTrue(after.files() <= before.files() + MOST_MORE_FILES, before + " " + after);
    }
  }

  /** What works in the background after a load takes as long as the machine lets it. */
  private static ProcessSize settled(ProcessSize before) throws InterruptedException {
    ProcessSize size = ProcessSize.now();
    for (int i = 0; i < MOST_LOOKS && size.threads() > before.threads(); i++) {
      size = ProcessSize.now();
    }
    return size;
  }

  private void run(MixedOperations operations, int count) throws Exception {
    next.set(0);
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        all.add(executor.submit(() -> work(operations, count, thread)));
      }
      for (Future<?> one : all) {
        one.get(MOST_MINUTES, TimeUnit.MINUTES);
      }
    } finally {
      assertNull(ManagementFactory.getThreadMXBean().findDeadlockedThreads());
      executor.shutdownNow();
      assertTrue(executor.awaitTermination(1, TimeUnit.MINUTES));
    }
    assertEquals(count + THREADS, next.get());
  }

  private @Nullable Void work(MixedOperations operations, int count, int thread) throws Exception {
    int number = next.getAndIncrement();
    while (number < count) {
      operations.run(number, thread);
      number = next.getAndIncrement();
    }
    return null;
  }
}
