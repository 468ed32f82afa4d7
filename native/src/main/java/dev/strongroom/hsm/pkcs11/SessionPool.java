// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of sessions, opened when needed and kept. Lock-free while there are enough; a
 * thread gets the session that it had before where it is free.
 *
 * <p>Thread-safe. A session's objects end with it: sessions leave only when they are broken.
 */
final class SessionPool {
  /** Between two looks for a session of a token that has no more. */
  private static final long PAUSE_NANOS = 1_000_000;

  private final Supplier<Session> opener;
  private final Duration patience;
  private final Semaphore permits;
  private final AtomicReferenceArray<@Nullable Session> idle;
  private volatile boolean closed;

  /**
   * @param most how many sessions at once
   * @param patience how long a caller waits for one
   */
  SessionPool(int most, Duration patience, Supplier<Session> opener) {
    this.opener = opener;
    this.patience = patience;
    this.permits = new Semaphore(most);
    this.idle = new AtomicReferenceArray<>(most);
  }

  /**
   * Returns a session, which the caller gives back.
   *
   * @throws HsmException.Unavailable if none is free within the patience
   */
  Session take() {
    if (!permits.tryAcquire()) {
      await();
    }
    boolean taken = false;
    try {
      Session free = anyIdle();
      if (free == null) {
        free = openOrWait();
      }
      taken = true;
      return free;
    } finally {
      if (!taken) {
        permits.release();
      }
    }
  }

  /** A token may have fewer sessions than permits, or others may hold them: then one comes back. */
  private Session openOrWait() {
    long start = System.nanoTime();
    while (true) {
      try {
        return opener.get();
      } catch (Pkcs11Exception e) {
        if (e.meaning() != Ckr.Meaning.SESSIONS_FULL) {
          throw e;
        }
        if (System.nanoTime() - start >= patience.toNanos()) {
          throw busy(e);
        }
      }
      pause();
      Session returned = anyIdle();
      if (returned != null) {
        return returned;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Takes back what {@link #take} gave; closes it if it is not to be used again. */
  void giveBack(Session session) {
    try {
      if (closed || session.isUnfinished() || !keep(session)) {
        session.close();
      }
      if (closed) {
        closeIdle();
      }
    } finally {
      permits.release();
    }
  }

  /** Takes back a session that the token has lost. */
  void drop(Session session) {
    session.close();
    permits.release();
  }

  /** Closes the idle sessions now and the others when they are given back. */
  void close() {
    closed = true;
    closeIdle();
  }

  private void await() {
    try {
      if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy(null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static HsmException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HsmException.Unavailable("Interrupted while waiting for a session.", e);
  }

  private HsmException busy(@Nullable Pkcs11Exception e) {
    return new HsmException.Unavailable(
        "All sessions with the token stayed busy for "
            + patience.toSeconds()
            + " s. "
            + (e == null
                ? "Raise x-max-sessions in the setting hsm, or find out why the token is slow."
                : "The token opens no more: close what else uses it, or lower x-max-sessions in the"
                    + " setting hsm there."),
        e);
  }

  private @Nullable Session anyIdle() {
    int length = idle.length();
    int start = start(length);
    for (int i = 0; i < length; i++) {
      int at = (start + i) % length;
      if (idle.get(at) != null) {
        Session session = idle.getAndSet(at, null);
        if (session != null) {
          return session;
        }
      }
    }
    return null;
  }

  private boolean keep(Session session) {
    int length = idle.length();
    int start = start(length);
    for (int i = 0; i < length; i++) {
      if (idle.compareAndSet((start + i) % length, null, session)) {
        return true;
      }
    }
    return false;
  }

  private void closeIdle() {
    for (Session session = anyIdle(); session != null; session = anyIdle()) {
      session.close();
    }
  }

  @SuppressWarnings("deprecation") // threadId() is newer than the baseline
  private static int start(int length) {
    return (int) (Thread.currentThread().getId() % length);
  }
}
