// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How work that others must not feel makes room for them. */
class PaceTest {
  private static final long MILLI = 1_000_000;

  private final Pace pace = new Pace(0);

  @Test
  void smallWorkPausesThreeTimesAsLongAsItTook() {
    assertEquals(Duration.ofMillis(60), pace.pause(0, 20 * MILLI, 10));
  }

  @Test
  void noPauseIsLongerThanASecond() {
    assertEquals(Duration.ofSeconds(1), pace.pause(0, 2000 * MILLI, 1));
  }

  @Test
  void workThatIsLateHardlyPauses() {
    assertEquals(Duration.ofMillis(2), pace.pause(0, 20 * MILLI, 1_000_000));
    assertEquals(
        Duration.ofMillis(2), pace.pause(10 * 60_000 * MILLI, 10 * 60_000 * MILLI + 20 * MILLI, 5));
  }

  @Test
  void muchWorkIsSpreadOverEightMinutes() {
    long batches = 8000;
    long took = 20 * MILLI;
    long now = 0;
    for (long left = batches; left > 0; left--) {
      now += took + pace.pause(now, now + took, left).toNanos();
    }
    assertTrue(now > Duration.ofMinutes(7).toNanos(), "" + now);
    assertTrue(now < Duration.ofMinutes(9).toNanos(), "" + now);
  }
}
