// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread that wipes subkeys which nobody used for a while. It holds what it keeps weakly and
 * ends with it, has no context class loader, and never keeps the JVM alive.
 */
final class Keeper implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final CountDownLatch stop = new CountDownLatch(1);

  private Keeper() {}

  static Keeper start(KeyCache keys) {
    Keeper keeper = new Keeper();
    WeakReference<KeyCache> kept = new WeakReference<>(keys);
    CountDownLatch stop = keeper.stop;
    Thread thread = new Thread(() -> run(kept, stop), "strongroom-keeper");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return keeper;
  }

  private static void run(WeakReference<KeyCache> kept, CountDownLatch stop) {
    try {
      while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        KeyCache keys = kept.get();
        if (keys == null) {
          return;
        }
        keys.expireSubkeys();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
