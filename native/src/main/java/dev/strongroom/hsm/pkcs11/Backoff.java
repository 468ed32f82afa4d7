// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often a token that is away is looked for: at once, then after pauses that grow to a quarter
 * of a second. Callers wait for the pause rather than fail, so that the first call after the token
 * is back succeeds; those that came while another one looked share what it found.
 *
 * <p>Not thread-safe; {@link TokenLink} calls under its lock.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 10;
  private static final long LONGEST_MILLIS = 250;

  private long pauseMillis;
  private long failedAt;
  private @Nullable HsmException failure;

  /**
   * Throws what a look ended with that was over only after {@code arrived}.
   *
   * @param arrived when the caller came, by System.nanoTime
   */
  void shareFailure(long arrived) {
    if (failure != null && failedAt - arrived > 0) {
      throw failure;
    }
  }

  /** Waits until the token may be looked for again. */
  void await() {
    long left = failedAt + TimeUnit.MILLISECONDS.toNanos(pauseMillis) - System.nanoTime();
    if (pauseMillis == 0 || left <= 0) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HsmException.Unavailable("Interrupted while waiting for the token.", e);
    }
  }

  void failed(HsmException e) {
    failure = e;
    failedAt = System.nanoTime();
    pauseMillis = Math.min(LONGEST_MILLIS, Math.max(FIRST_MILLIS, 2 * pauseMillis));
  }

  void succeeded() {
    failure = null;
    pauseMillis = 0;
  }
}
