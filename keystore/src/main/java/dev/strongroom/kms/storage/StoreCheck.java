// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Scans the whole store in the background: after it was unlocked, at once when something was
 * changed without the head row, and some time after other changes, since one without the head row
 * may have come together with one of a KMS. What it finds makes {@link StoreTrust} refuse.
 *
 * <p>Its thread is a daemon of low priority that lives for one scan; it refers to the connections,
 * not to the storage, so that an abandoned storage can be collected. Thread-safe.
 */
final class StoreCheck {
  private static final Logger LOG = System.getLogger(StoreCheck.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Scans after ordinary changes take at most this part of one processor: a hundredth. */
  private static final int IDLE_FACTOR = 100;

  private final Connections connections;
  private final RowMacs macs;
  private final StoreTrust trust;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile long notBefore = System.nanoTime();

  StoreCheck(Connections connections, RowMacs macs, StoreTrust trust) {
    this.connections = connections;
    this.macs = macs;
    this.trust = trust;
  }

  /** Asks for a scan of a state that is not older than now; returns at once. */
  void request() {
    wanted.set(true);
    if (running.compareAndSet(false, true)) {
      try {
        Daemons.start("strongroom-store-check", Thread.MIN_PRIORITY, this::work);
      } catch (Error e) { // no thread left: whoever asks again may get one
        running.set(false);
        throw e;
      }
    }
  }

  /** Returns whether enough time has passed since the last scan for one that is not urgent. */
  boolean isDue() {
    return !running.get() && System.nanoTime() - notBefore >= 0;
  }

  private void work() {
    do {
      Duration pause = FIRST_PAUSE;
      while (wanted.getAndSet(false)) {
        if (!scan()) {
          wanted.set(true);
          pause(pause);
          pause =
              pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
      }
      running.set(false);
      // A request between the last look and that line saw a running thread: take it up.
    } while (wanted.get() && running.compareAndSet(false, true));
  }

  /** Returns whether there is nothing left to do: proven, refuted or closed. */
  private boolean scan() {
    long start = System.nanoTime();
    try {
      run((done, total) -> stopIfClosed());
      long end = System.nanoTime();
      notBefore = end + IDLE_FACTOR * (end - start);
      return true;
    } catch (KmsException.StoreTampered e) {
      trust.refuse(e);
      return true;
    } catch (RuntimeException e) {
      // The store or the HSM failed: that proves nothing, so it is tried again.
      if (!connections.isClosed()) {
        LOG.log(
            Level.WARNING, "The store could not be checked and will be again: " + e.getMessage());
      }
      return connections.isClosed();
    }
  }

  /**
   * Scans now.
   *
   * @return the number of roots
   * @throws KmsException.StoreTampered naming what was altered, where it can be told
   */
  long run(KeyStorage.Progress progress) {
    long mark = trust.mark();
    return connections.read(
        session -> new Scan(session, macs, trust, progress).runWithGrants(mark));
  }

  private void stopIfClosed() {
    if (connections.isClosed()) {
      throw new IllegalStateException("The store was closed");
    }
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
