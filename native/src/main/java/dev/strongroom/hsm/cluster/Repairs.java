// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The thread that looks whether members are back that failed: at once, then after pauses that grow
 * to half a second. There is one only while a member is down; it holds the cluster weakly.
 */
final class Repairs {
  private static final long FIRST_MILLIS = 10;
  private static final long LONGEST_MILLIS = 500;

  private final WeakReference<ClusterHsm> cluster;
  private final AtomicBoolean running = new AtomicBoolean();
  private final CountDownLatch stop = new CountDownLatch(1);

  Repairs(ClusterHsm cluster) {
    this.cluster = new WeakReference<>(cluster);
  }

  void begin() {
    if (stop.getCount() == 0 || !running.compareAndSet(false, true)) {
      return;
    }
    Thread thread = new Thread(this::run, "strongroom-cluster");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void run() {
    try {
      boolean all = false;
      for (long pause = FIRST_MILLIS;
          !all && !stop.await(pause, TimeUnit.MILLISECONDS);
          pause = Math.min(LONGEST_MILLIS, 2 * pause)) {
        ClusterHsm found = cluster.get();
        all = found == null || found.restoreAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.set(false);
    }
    // One that went down between the last look and here found the thread running.
    ClusterHsm found = cluster.get();
    if (found != null && stop.getCount() > 0 && !found.allServe()) {
      begin();
    }
  }

  void end() {
    stop.countDown();
  }
}
