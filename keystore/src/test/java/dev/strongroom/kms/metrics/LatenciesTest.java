// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @ParameterizedTest
  @ValueSource(
      longs = {8, 9, 100, 999, 1_000, 1_023, 1_024, 1_234_567, 60_000_000_000L, 7_000_000_000_000L})
  void aTimeIsToldAtMostAnEighthWrong(long nanos) {
    latencies.add(nanos);

    assertEquals((double) nanos, latencies.snapshot().quantileNanos(1), nanos / 8.0);
    assertEquals(nanos, latencies.snapshot().totalNanos());
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void timesThatCannotBeAreCountedAllTheSame(long nanos) {
    latencies.add(nanos);

    assertEquals(1, latencies.snapshot().count());
  }

  @Test
  void quantilesAreOfAllCalls() {
    for (int i = 0; i < 980; i++) {
      latencies.add(1_000);
    }
    for (int i = 0; i < 20; i++) {
      latencies.add(1_000_000);
    }
    Latencies.Snapshot snapshot = latencies.snapshot();

    assertEquals(1_000, snapshot.quantileNanos(0.5), 125);
    assertEquals(1_000, snapshot.quantileNanos(0.98), 125);
    assertEquals(1_000_000, snapshot.quantileNanos(0.99), 125_000);
  }

  @Test
  void nothingMeasuredIsZero() {
    assertEquals(0, latencies.snapshot().quantileNanos(0.5));
  }
}
