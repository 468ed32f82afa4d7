// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What callers of a journal do: append, and wait where they must.
 *
 * <p>They append to memory that is the file, under one lock and without I/O; {@link JournalThread}
 * does everything that can block or fail: opening, growing, sealing, forcing. A caller waits for it
 * only if there is no stream or no room, or if records have not been on the disk for too long.
 *
 * <p>A stream that fails is given up, and calls fail until another can be opened. Where there are
 * two folders, a {@link Mirror} has the stream in the other one: nothing is lost then, and calls
 * wait for the next stream, which begins there. If the disk of the first does not even answer,
 * another recorder takes over, see {@link Succession}.
 *
 * <p>Thread-safe. What they share with the threads of the journal is in {@link StreamState}.
 */
final class Recorder {
  // No result is released while a record has not been on the disk for longer.
  private static final long MOST_UNFORCED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_SPINS = 100;

  // Where there is another disk, for so long calls wait for one that does not answer.
  private static final long MOST_STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final JournalSettings settings;
  private final JournalDuty duty;
  private final Clock clock;
  private final Destinations destinations;
  private final WeakReference<Succession> owner;

  private final StreamState state;
  private final ReentrantLock lock;
  private final Condition done;
  private final DiskProgress disk;
  private final Errands errands;
  private volatile boolean isSuperseded;

  /**
   * Makes a recorder; the first record starts its thread.
   *
   * @param owner when it is forgotten unclosed, the stream ends like on {@link #close}
   */
  Recorder(
      JournalSettings settings,
      JournalDuty duty,
      Clock clock,
      Destinations destinations,
      Succession owner) {
    this.settings = settings;
    this.duty = duty;
    this.clock = clock;
    this.destinations = destinations;
    this.owner = new WeakReference<>(owner);
    this.state =
        new StreamState(
            settings.folders(), destinations, () -> isSuperseded || this.owner.refersTo(null));
    this.lock = state.lock;
    this.done = state.done;
    this.disk = state.disk;
    this.errands = state.errands;
  }

  JournalSettings settings() {
    return settings;
  }

  /**
   * Records an event; see {@link AuditTrail#record}.
   *
   * @return false if that is to be tried again, by the recorder that there is then
   */
  boolean record(AuditEvent event) {
    long timeMillis = clock.millis();
    if (!lockSpinning()) {
      return false;
    }
    try {
      StreamWriter writer = append(event, timeMillis);
      if (writer == null) {
        return false;
      }
      long now = System.nanoTime();
      if (!disk.isDirty()) {
        errands.wakeIfAsleep();
      }
      long ticket = disk.add(now);
      if (writer.wantsRoom() && !errands.isRoomWanted()) {
        errands.wantRoom();
      }
      if (!isReleasable(ticket, now)) {
        awaitRelease(() -> isReleasable(ticket, System.nanoTime()), ticket);
      }
      return true;
    } catch (InternalError e) {
      // The JVM's way to say that a page of a mapped file could not be had.
      if (destinations.isPair() && state.streamLocked() != null) {
        state.breakOffLocked(e);
        return false;
      }
      state.failLocked(e);
      throw unavailable("cannot be written");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has a stream opened beside the caller, for a record that is sure to come; does nothing if that
   * would have to wait.
   */
  void expectRecord() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (state.streamLocked() == null && !isSuperseded && !errands.isEndWanted()) {
        startThread();
        errands.wantStream();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when there is a stream to record in, which a record that needs one would wait for.
   *
   * @return false if another recorder has taken over
   */
  boolean open() {
    if (!lockSpinning()) {
      return false;
    }
    try {
      while (state.streamLocked() == null && !isSuperseded) {
        requireNotClosed();
        awaitStream();
      }
      return !isSuperseded;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records what is said of a change of the store, in the stream that there is: opening one may
   * take the store, which the caller may hold.
   *
   * @param change its frames, which go into one stream or are refused
   * @param isAwaited whether to return only when they are on the disk
   */
  void record(List<ChangeFrame> change, boolean isAwaited) {
    if (!lockSpinning()) {
      throw unavailable("is being begun anew");
    }
    try {
      StreamWriter writer = state.streamLocked();
      for (ChangeFrame frame : change) {
        append(frame, writer);
      }
      long ticket = disk.add(System.nanoTime());
      errands.wakeIfAsleep();
      if (isAwaited) {
        awaitRelease(() -> disk.isForced(ticket), ticket);
      }
    } catch (InternalError e) {
      state.failLocked(e);
      throw unavailable("cannot be written");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock. It is held for less time than going to sleep and waking up would take.
   *
   * @return false if another recorder has taken over; the lock was not taken then
   */
  private boolean lockSpinning() {
    for (int spins = 0; spins < MOST_SPINS; spins++) {
      if (lock.tryLock()) {
        return true;
      }
      Thread.onSpinWait();
    }
    if (destinations.isPair()) {
      return lockUnlessStalled();
    }
    lock.lock();
    return true;
  }

  /** Who has the lock may be storing to a page that its disk does not give. */
  private boolean lockUnlessStalled() {
    boolean wasInterrupted = false;
    try {
      while (!isSuperseded) {
        try {
          if (lock.tryLock(MOST_STALLED_NANOS, TimeUnit.NANOSECONDS)) {
            return true;
          }
          askForSuccessor();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
      return false;
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void askForSuccessor() {
    Succession succession = owner.get();
    if (succession != null) {
      succession.replace(this);
    }
  }

  /** Returns where it was appended; null if another recorder has taken over. */
  private @Nullable StreamWriter append(AuditEvent event, long timeMillis) {
    while (true) {
      if (isSuperseded) {
        return null;
      }
      requireNotClosed();
      StreamWriter writer = state.streamLocked();
      if (writer == null) {
        awaitStream();
      } else if (writer.append(event, timeMillis)) {
        return writer;
      } else {
        awaitRoom(writer);
      }
    }
  }

  private void append(ChangeFrame frame, @Nullable StreamWriter writer) {
    while (writer != null && state.streamLocked() == writer) {
      if (writer.append(frame)) {
        return;
      }
      awaitRoom(writer);
    }
    throw unavailable("is being begun anew");
  }

  private void requireNotClosed() {
    if (errands.isEndWanted()) {
      throw new IllegalStateException("The audit trail is closed. Nothing is recorded any more.");
    }
  }

  /** Returns when there is a stream, or when it is closing time. */
  private void awaitStream() {
    if (state.isTooEarlyLocked()) {
      throw unavailable("cannot be written");
    }
    startThread();
    errands.wantStream();
    try (Patience patience = new Patience(done)) {
      while (errands.isStreamWanted() && !errands.isEndWanted() && !isSuperseded) {
        awaitUnlessStalled(patience);
      }
    }
    if (state.streamLocked() == null && !errands.isEndWanted() && !isSuperseded) {
      throw unavailable("cannot be written");
    }
  }

  /** Returns when there is room, or when the stream was given up. */
  private void awaitRoom(StreamWriter writer) {
    errands.wantRoom();
    try (Patience patience = new Patience(done)) {
      while (errands.isRoomWanted() && state.streamLocked() == writer && !isSuperseded) {
        awaitUnlessStalled(patience);
      }
    }
  }

  /** Waits for the journal's thread; if that is stuck and there is another disk, not for long. */
  private void awaitUnlessStalled(Patience patience) {
    if (!destinations.isPair()) {
      awaitProgress(patience);
    } else if (patience.isOlderThan(MOST_STALLED_NANOS)) {
      askForSuccessor();
      awaitProgress(patience, MOST_STALLED_NANOS);
    } else {
      awaitProgress(patience, MOST_STALLED_NANOS);
    }
  }

  private boolean isReleasable(long ticket, long now) {
    return disk.isForced(ticket)
        || (settings.sync() == JournalSettings.Sync.BATCH
            && !disk.isLost(ticket)
            && disk.unforcedForNanos(now) <= MOST_UNFORCED_NANOS);
  }

  private void awaitRelease(BooleanSupplier isReleased, long ticket) {
    errands.wantForce();
    try (Patience patience = new Patience(done)) {
      while (!isReleased.getAsBoolean()) {
        if (disk.isLost(ticket)) {
          throw unavailable("cannot be written");
        }
        awaitProgress(patience);
      }
    } finally {
      errands.wantForceNoMore();
    }
  }

  private void awaitProgress(Patience patience) {
    awaitProgress(patience, Long.MAX_VALUE);
  }

  private void awaitProgress(Patience patience, long mostNanos) {
    if (state.isKeptByLocked(Thread.currentThread())) {
      throw unavailable("cannot be written by the thread that writes it");
    }
    if (!patience.await(mostNanos)) {
      throw unavailable("was not written within " + Patience.SECONDS + " seconds");
    }
  }

  private void startThread() {
    if (!state.hasThreadLocked()) {
      Thread fresh = new JournalThread(settings, duty, clock, state);
      fresh.start();
      state.threadStartedLocked(fresh);
    }
  }

  private KmsException.AuditUnavailable unavailable(String what) {
    return state.unavailableLocked(what);
  }

  /** Returns why nothing can be recorded; empty while all is well or nothing was tried. */
  Optional<Throwable> failure() {
    return state.failure();
  }

  /**
   * Returns when the other folder follows the stream that there is, or fails to, or a second on.
   */
  void awaitMirror() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    lock.lock();
    try (Patience patience = new Patience(done)) {
      while (isMirrorAwaited() && System.nanoTime() - deadline < 0) {
        awaitProgress(patience, MOST_STALLED_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isMirrorAwaited() {
    return destinations.isPair()
        && state.streamLocked() != null
        && !disk.isMirrored()
        && destinations.failing().isEmpty();
  }

  JournalState state() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return new JournalState(
          state.isSoundLocked() && !errands.isEndWanted(),
          disk.recorded(),
          state.bytesLocked(),
          disk.forcedAgoNanos(now),
          disk.unforcedForNanos(now),
          destinations.failing().size(),
          destinations.failures());
    } finally {
      lock.unlock();
    }
  }

  /** Returns where the stream is, or is being opened; null before the first. */
  @Nullable Path folder() {
    return state.folder();
  }

  /** Another recorder has taken over. The stream ends as soon as the disk lets it. */
  void supersede() {
    isSuperseded = true;
  }

  /** Returns whether its thread still has something to do; takes no lock, which may be stuck. */
  boolean isBusy() {
    return state.running() != null;
  }

  /** Waits for that a little. */
  void awaitEnd(long mostMillis) {
    Thread ending = state.running();
    try {
      if (ending != null) {
        ending.join(mostMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the stream and the thread. Calling it again does nothing. */
  void close() {
    lock.lock();
    try (Patience patience = new Patience(done)) {
      errands.wantEnd();
      while (state.hasThreadLocked()) {
        awaitProgress(patience);
      }
    } finally {
      lock.unlock();
    }
  }
}
