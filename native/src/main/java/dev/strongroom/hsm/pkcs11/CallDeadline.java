// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For how long the calls of one token are waited for. A call into a module cannot be interrupted:
 * it runs on a thread of its own, which is left behind when time is up. While there is one such,
 * callers are refused at once but for one now and then, who tries whether the token answers again;
 * the more calls hang, the rarer, and none once there are {@value #MOST_STUCK}.
 *
 * <p>Thread-safe. The handing over costs some microseconds; without a limit nothing is handed over.
 */
final class CallDeadline {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int MOST_STUCK = 16;
  private static final long IDLE_SECONDS = 10;

  /** Of all tokens; they are there while they are needed. */
  private static final ExecutorService WORKERS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          CallDeadline::thread);

  private final String token;
  private final int seconds;
  private final AtomicInteger stuck = new AtomicInteger();
  private final AtomicLong nextProbe = new AtomicLong();

  /**
   * Makes one.
   *
   * @param token how messages call the token
   * @param seconds 0 for no limit
   */
  CallDeadline(String token, int seconds) {
    this.token = token;
    this.seconds = seconds;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "strongroom-hsm-call");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  boolean isSet() {
    return seconds > 0;
  }

  int seconds() {
    return seconds;
  }

  /**
   * Runs a call.
   *
   * @param times how many times as long as others it may take
   * @param givenUp is run when time is up, and returns what is to be done once the call ends after
   *     all
   * @throws HsmException.Unavailable if time is up, or was for another call that has not ended
   */
  <T> T run(int times, Supplier<T> call, Supplier<Runnable> givenUp) {
    if (!isSet()) {
      return call.get();
    }
    requireAnswering();
    Call<T> running = new Call<>(call);
    WORKERS.execute(running);
    try {
      return running.get((long) seconds * times, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      if (running.giveUp(givenUp)) {
        nextProbe.set(System.nanoTime() + pauseNanos());
      }
      throw silent(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HsmException.Unavailable("Interrupted while waiting for the token.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new AssertionError(e);
    }
  }

  private void requireAnswering() {
    int hanging = stuck.get();
    if (hanging == 0) {
      return;
    }
    long next = nextProbe.get();
    long now = System.nanoTime();
    if (hanging >= MOST_STUCK
        || now - next < 0
        || !nextProbe.compareAndSet(next, now + pauseNanos())) {
      throw silent(null);
    }
  }

  private long pauseNanos() {
    int before = Math.min(MOST_STUCK, Math.max(0, stuck.get() - 1));
    return FIRST_PAUSE_NANOS << (before / 2);
  }

  private HsmException.Unavailable silent(@Nullable Throwable cause) {
    return new HsmException.Unavailable(
        "The token "
            + token
            + " has not answered for "
            + seconds
            + " s. It is tried again and again; look after the HSM, or raise x-call-timeout in the"
            + " setting hsm if it is only slow.",
        cause);
  }

  /** A call that may be left behind. */
  private final class Call<T> extends FutureTask<T> {
    private boolean ended;
    private boolean left;
    private Runnable last = () -> {};

    Call(Supplier<T> call) {
      super(call::get);
    }

    /** Returns false if it has just ended. */
    synchronized boolean giveUp(Supplier<Runnable> givenUp) {
      last = givenUp.get();
      if (ended) {
        last.run();
        return false;
      }
      left = true;
      stuck.incrementAndGet();
      return true;
    }

    @Override
    protected void done() {
      Runnable end;
      synchronized (this) {
        ended = true;
        if (!left) {
          return;
        }
        end = last;
      }
      try {
        end.run();
      } finally {
        stuck.decrementAndGet();
      }
    }
  }
}
