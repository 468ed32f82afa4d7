// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallCounterTest {
  private static final int CALLS = 16_000;

  private static CallMetrics counted(CallCounter counter) {
    long start = System.nanoTime() - CALLS;
    for (int i = 0; i < CALLS; i++) {
      counter.called();
      counter.ended(start + i);
    }
    return counter.metrics();
  }

  @Test
  void theFirstThousandCallsAreMeasuredAndThenOneIn16() {
    CallMetrics metrics = counted(CallCounter.measuringSome());

    assertEquals(CALLS, metrics.getCalls());
    assertEquals(1000 + (CALLS - 1000) / 16, (double) metrics.getMeasured(), 1);
  }

  @Test
  void slowCallsAreAllMeasured() {
    assertEquals(CALLS, counted(CallCounter.measuringAll()).getMeasured());
  }

  @Test
  void noCallOfSeveralThreadsIsLost() throws InterruptedException {
    CallCounter counter = CallCounter.measuringAll();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(new Thread(() -> counted(counter)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(4 * CALLS, counter.metrics().getCalls());
    assertEquals(4 * CALLS, counter.metrics().getMeasured());
  }
}
