// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that seal and open the frames of long messages. They serve any number of messages at
 * a time; whoever makes them owns them and closes them.
 *
 * <p>Messages begin in the caller's thread and stay there up to 1 MiB. Threads start at the first
 * message that is longer, are daemons without a context class loader, and end when they were idle
 * for some seconds. After {@link #close} messages go on in their callers' threads. Thread-safe.
 */
public final class FrameWorkers implements AutoCloseable {
  private static final int MOST_THREADS = 16;
  private static final int IDLE_SECONDS = 5;

  private final int threads;
  private final @Nullable ThreadPoolExecutor workers;
  private final AtomicBoolean sealingIsWarm = new AtomicBoolean();
  private final AtomicBoolean openingIsWarm = new AtomicBoolean();

  private FrameWorkers(int threads) {
    this.threads = threads;
    this.workers = threads > 1 ? workers(threads) : null;
  }

  /** Returns as many threads as there are cores, but no more than 16. */
  public static FrameWorkers create() {
    return create(Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS));
  }

  /**
   * @param threads 1 to 16; with 1 everything happens in the callers' threads
   */
  public static FrameWorkers create(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException("Messages can have 1 to 16 threads, not " + threads + ".");
    }
    return new FrameWorkers(threads);
  }

  private static ThreadPoolExecutor workers(int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              // No inherited thread-locals and no class loader: a worker outlives its message.
              Thread thread =
                  new Thread(
                      null, task, "strongroom-envelope-" + number.incrementAndGet(), 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  /** Returns whether a message may use more than its own thread. */
  boolean areSeveral() {
    return workers != null && !workers.isShutdown();
  }

  /**
   * Returns how many batches of one message may be underway: each worker has one and a next one.
   */
  int batchesInFlight() {
    return 2 * threads + 2;
  }

  /** Has a worker run the task some time, or nobody: the caller must be ready to do it. */
  void execute(Runnable task) {
    if (workers == null) {
      return;
    }
    try {
      workers.execute(task);
    } catch (RejectedExecutionException closed) {
      // The message's own thread will find it waiting.
    }
  }

  /** Speeds up what a long message has ahead of it, at the first one in each direction. */
  void warmUp(FrameTask task) {
    AtomicBoolean warm = task instanceof FrameTask.Seal ? sealingIsWarm : openingIsWarm;
    if (warm.compareAndSet(false, true)) {
      WarmUp.run(task);
    }
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.shutdown();
    }
  }
}
