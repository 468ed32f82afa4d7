// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.metrics.JmxRegistration;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread that wipes subkeys which nobody used for a while, sweeps every minute for what is due
 * in the life of keys, and every hour mixes bytes of the HSM into the random generator. A second
 * after it was started it shows the KMS by JMX, until it ends: programs that are done before do not
 * pay for that. It holds what it keeps weakly and ends with it, has no context class loader, and
 * never keeps the JVM alive.
 */
final class Keeper implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Keeper.class.getName());

  /** How often it does what. */
  record Periods(Duration showing, Duration wiping, Duration sweeping, Duration mixing) {
    static final Periods DEFAULT =
        new Periods(
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofHours(1));
  }

  /** What is done each time. */
  record Duties(Runnable wiping, Runnable sweeping, Runnable mixing) {}

  private final CountDownLatch stop = new CountDownLatch(1);

  @SuppressWarnings("unused") // the thread holds it weakly
  private final Duties duties;

  private Keeper(Duties duties) {
    this.duties = duties;
  }

  /**
   * Starts the thread.
   *
   * @param jmx must not hold what {@code duties} do
   */
  static Keeper start(Duties duties, Periods periods, JmxRegistration jmx) {
    Keeper keeper = new Keeper(duties);
    WeakReference<Duties> weakly = new WeakReference<>(duties);
    CountDownLatch stop = keeper.stop;
    Thread thread = new Thread(() -> run(weakly, periods, stop, jmx), "strongroom-keeper");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return keeper;
  }

  private static void run(
      WeakReference<Duties> weakly, Periods periods, CountDownLatch stop, JmxRegistration jmx) {
    try (jmx) {
      if (!stop.await(periods.showing().toMillis(), TimeUnit.MILLISECONDS)) {
        jmx.open();
        keep(weakly, periods, stop);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void keep(WeakReference<Duties> weakly, Periods periods, CountDownLatch stop)
      throws InterruptedException {
    long mixed = System.nanoTime();
    long swept = mixed;
    while (!stop.await(periods.wiping().toMillis(), TimeUnit.MILLISECONDS)) {
      Duties duties = weakly.get();
      if (duties == null) {
        return;
      }
      duties.wiping().run();
      if (System.nanoTime() - swept >= periods.sweeping().toNanos()) {
        swept = System.nanoTime();
        duties.sweeping().run();
      }
      if (System.nanoTime() - mixed >= periods.mixing().toNanos()) {
        mixed = System.nanoTime();
        mix(duties);
      }
    }
  }

  private static void mix(Duties duties) {
    try {
      duties.mixing().run();
    } catch (KmsException e) {
      // The system's generator is good without; uses of the HSM fail by themselves.
      LOGGER.log(Level.WARNING, "No bytes of the HSM were mixed in: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
