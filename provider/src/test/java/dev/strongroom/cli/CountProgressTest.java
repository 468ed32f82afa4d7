// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What a terminal shows of work that is counted. */
class CountProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void lineTellsPartRateAndTimeLeft() {
    assertEquals(
        "[############            ]  50 %  1 min 40 s left, 500/s, 50000 of 100000",
        CountProgress.line(50_000, 100_000, 50_000, 100 * SECOND));
  }

  @Test
  void whatWasDoneBeforeDoesNotMakeItLookFast() {
    assertEquals(
        "[##################      ]  75 %  4 min 10 s left, 100/s, 75000 of 100000",
        CountProgress.line(75_000, 100_000, 1_000, 10 * SECOND));
  }

  @Test
  void atTheBeginningNoTimeIsTold() {
    assertEquals(
        "[                        ]   0 %  0/s, 0 of 10", CountProgress.line(0, 10, 0, SECOND));
  }
}
