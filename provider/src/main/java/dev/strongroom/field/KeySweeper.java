// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The thread that wipes data keys which nobody used for a while. It is there while keys are, holds
 * them weakly, has no context class loader, and never keeps the JVM alive.
 */
final class KeySweeper implements AutoCloseable {
  private static final Duration LONGEST_PERIOD = Duration.ofSeconds(15);

  private final WeakReference<FieldKeys> keys;
  private final long periodMillis;
  private final AtomicBoolean running = new AtomicBoolean();
  private final CountDownLatch stop = new CountDownLatch(1);

  KeySweeper(FieldKeys keys, Duration maxAge) {
    this.keys = new WeakReference<>(keys);
    this.periodMillis = Math.max(1, Math.min(LONGEST_PERIOD.toMillis(), maxAge.toMillis() / 2));
  }

  /** Starts the thread if none is there. Called after a key came in. */
  void wake() {
    if (!running.get() && running.compareAndSet(false, true)) {
      Thread thread = new Thread(sweeping(keys, periodMillis, running, stop), "strongroom-fields");
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    }
  }

  private static Runnable sweeping(
      WeakReference<FieldKeys> keys,
      long periodMillis,
      AtomicBoolean running,
      CountDownLatch stop) {
    return () -> {
      try {
        boolean more = true;
        while (more && !stop.await(periodMillis, TimeUnit.MILLISECONDS)) {
          more = sweep(keys.get(), running);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Returns whether to go on: not where nothing is left and no key came in meanwhile. */
  private static boolean sweep(@Nullable FieldKeys known, AtomicBoolean running) {
    return known != null
        && (!known.sweep()
            || !running.compareAndSet(true, false)
            || (known.size() > 0 && running.compareAndSet(false, true)));
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
