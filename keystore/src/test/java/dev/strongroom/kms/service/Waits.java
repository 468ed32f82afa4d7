// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes bring about, on busy machines, too. */
final class Waits {
  private static final long PATIENCE_SECONDS = 30;

  private Waits() {}

  /** Returns how long it took until a condition held; fails if that takes half a minute. */
  static long millisUntil(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
      assertTrue(
          System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS),
          "not within " + PATIENCE_SECONDS + " s");
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
