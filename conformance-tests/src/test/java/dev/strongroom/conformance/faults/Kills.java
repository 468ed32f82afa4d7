// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Kills processes at moments that are spread over their run.
 *
 * <p>The property {@code strongroom.kills} says how many times in each test, 6 if it is not set;
 * {@code strongroom.kills.seed} draws other moments.
 */
final class Kills {
  static final int COUNT = Integer.getInteger("strongroom.kills", 6);

  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("strongroom.kills.seed", 20));
  private final long runNanos;

  /**
   * @param runNanos how long the process runs when nobody kills it
   */
  Kills(long runNanos) {
    this.runNanos = runNanos;
  }

  /** Returns how long a run takes that nobody kills. */
  static long nanosOf(Home home, String... arguments) throws IOException, InterruptedException {
    long start = System.nanoTime();
    home.done(arguments);
    return System.nanoTime() - start;
  }

  /**
   * Starts a command and kills it as with {@code kill -9}: in the {@code turn}-th of {@link #COUNT}
   * parts of its run, of which the first third, while the JVM starts, gets none.
   *
   * @return whether it was still running
   */
  boolean kill(Home home, int turn, String... arguments) throws IOException, InterruptedException {
    double at = 0.33 + 0.72 * (turn + random.nextDouble()) / COUNT;
    long delay = (long) (runNanos * at);
    Process process = start(home, arguments);
    return !process.waitFor(delay, TimeUnit.NANOSECONDS) && end(process);
  }

  /**
   * Starts a command and kills it up to two milliseconds after {@code event}.
   *
   * @return whether it was still running
   */
  boolean killAt(BooleanSupplier event, Home home, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(home, arguments);
    long jitter = random.nextLong(TimeUnit.MILLISECONDS.toNanos(2));
    while (process.isAlive() && !event.getAsBoolean()) {
      Thread.onSpinWait();
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < jitter) {
      Thread.onSpinWait();
    }
    return process.isAlive() && end(process);
  }

  private static Process start(Home home, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(home.command(arguments));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    environment.putAll(home.environment());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static boolean end(Process process) throws InterruptedException {
    process.destroyForcibly();
    return process.waitFor() == 128 + 9;
  }
}
