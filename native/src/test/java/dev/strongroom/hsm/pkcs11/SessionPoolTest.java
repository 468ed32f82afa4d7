// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.HsmException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The pool in front of a token that opens fewer sessions than the pool may. */
class SessionPoolTest {
  private static final int PERMITS = 6;

  /** How many sessions the token still opens. */
  private final AtomicInteger left = new AtomicInteger(2);

  private final Cryptoki cryptoki =
      (Cryptoki)
          Proxy.newProxyInstance(
              Cryptoki.class.getClassLoader(),
              new Class<?>[] {Cryptoki.class},
              (proxy, function, arguments) -> answer(function.getName()));

  private long answer(String function) {
    return switch (function) {
      case "C_OpenSession" -> {
        if (left.getAndDecrement() > 0) {
          yield Ckr.OK.code;
        }
        left.incrementAndGet();
        yield Ckr.SESSION_COUNT.code;
      }
      case "C_CloseSession" -> {
        left.incrementAndGet();
        yield Ckr.OK.code;
      }
      default -> Ckr.FUNCTION_NOT_SUPPORTED.code;
    };
  }

  private SessionPool pool(Duration patience) {
    return new SessionPool(PERMITS, patience, this::open);
  }

  @SuppressWarnings("NullAway") // the pool never looks at the connection of a session
  private Session open() {
    return new Session(cryptoki, null, 0);
  }

  @Test
  void shortageThatEndsLeavesTheWholePool() {
    SessionPool pool = pool(Duration.ofMillis(30));
    List<Session> lent = new ArrayList<>(List.of(pool.take(), pool.take()));
    for (int i = 0; i < 2 * PERMITS; i++) {
      assertThrows(HsmException.Unavailable.class, pool::take);
    }

    left.set(PERMITS);
    while (lent.size() < PERMITS) {
      lent.add(pool.take());
    }

    assertThrows(HsmException.Unavailable.class, pool::take);
    lent.forEach(pool::giveBack);
    assertEquals(PERMITS, lent.stream().distinct().count());
  }

  @Test
  void otherFailuresToOpenCostNoPermit() {
    AtomicInteger failures = new AtomicInteger();
    SessionPool pool =
        new SessionPool(
            1,
            Duration.ofMillis(30),
            () -> {
              if (failures.incrementAndGet() < 3) {
                throw new IllegalStateException("no memory for a session");
              }
              return open();
            });

    assertThrows(IllegalStateException.class, pool::take);
    assertThrows(IllegalStateException.class, pool::take);

    pool.giveBack(pool.take());
  }

  @Test
  void interruptedWaitCostsNoPermit() {
    SessionPool pool = pool(Duration.ofSeconds(10));
    Session first = pool.take();
    Session second = pool.take();
    for (int i = 0; i < PERMITS; i++) {
      Thread.currentThread().interrupt();
      assertThrows(HsmException.Unavailable.class, pool::take);
      assertTrue(Thread.interrupted());
    }

    pool.giveBack(first);
    pool.giveBack(second);

    pool.giveBack(pool.take());
  }

  @Test
  void manyThreadsShareTheFewSessions() throws Exception {
    SessionPool pool = pool(Duration.ofSeconds(10));
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(PERMITS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < PERMITS; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 50; round++) {
                    Session session = pool.take();
                    most.accumulateAndGet(working.incrementAndGet(), Math::max);
                    working.decrementAndGet();
                    pool.giveBack(session);
                  }
                }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(most.get() <= 2, "at once: " + most);
  }
}
