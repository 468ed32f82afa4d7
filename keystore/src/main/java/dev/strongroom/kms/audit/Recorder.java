// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What callers and the journal's thread share: the stream, and how far it is on the disk.
 *
 * <p>Callers append to memory that is the file, under one lock and without I/O; {@link
 * JournalThread} does everything that can block or fail: opening, growing, sealing, forcing. A
 * caller waits for it only if there is no stream or no room, or if records have not been on the
 * disk for too long.
 *
 * <p>A stream that fails is given up, and calls fail until another can be opened. Thread-safe; all
 * fields that change are guarded by {@code lock}.
 */
final class Recorder {
  private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

  // No result is released while a record has not been on the disk for longer.
  private static final long MOST_UNFORCED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_SPINS = 100;
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final JournalSettings settings;
  private final JournalDuty duty;
  private final Clock clock;
  private final WeakReference<Journal> owner;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private final DiskProgress disk = new DiskProgress();
  private final Errands errands = new Errands(lock, disk);

  private @Nullable Thread thread;
  private @Nullable StreamWriter stream;
  private @Nullable UUID lastStream;
  private @Nullable Throwable failure;
  private long retryAtNanos;
  private long bytesOfEnded;

  /**
   * Makes a recorder; the first record starts its thread.
   *
   * @param owner when it is forgotten unclosed, the stream ends like on {@link #close}
   */
  Recorder(JournalSettings settings, JournalDuty duty, Clock clock, Journal owner) {
    this.settings = settings;
    this.duty = duty;
    this.clock = clock;
    this.owner = new WeakReference<>(owner);
  }

  JournalSettings settings() {
    return settings;
  }

  /** Records an event; see {@link AuditTrail#record}. */
  void record(AuditEvent event) {
    long timeMillis = clock.millis();
    lockSpinning();
    try {
      StreamWriter writer = append(event, timeMillis);
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
    } catch (InternalError e) {
      // The JVM's way to say that a page of a mapped file could not be had.
      fail(e);
      throw unavailable("cannot be written");
    } finally {
      lock.unlock();
    }
  }

  /** Returns when there is a stream to record in, which a record that needs one would wait for. */
  void open() {
    lock.lock();
    try {
      while (stream == null) {
        requireNotClosed();
        awaitStream();
      }
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
    lock.lock();
    try {
      StreamWriter writer = stream;
      for (ChangeFrame frame : change) {
        append(frame, writer);
      }
      long ticket = disk.add(System.nanoTime());
      errands.wakeIfAsleep();
      if (isAwaited) {
        awaitRelease(() -> disk.isForced(ticket), ticket);
      }
    } catch (InternalError e) {
      fail(e);
      throw unavailable("cannot be written");
    } finally {
      lock.unlock();
    }
  }

  /** Takes the lock. It is held for less time than going to sleep and waking up would take. */
  private void lockSpinning() {
    for (int spins = 0; spins < MOST_SPINS; spins++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  private StreamWriter append(AuditEvent event, long timeMillis) {
    while (true) {
      requireNotClosed();
      StreamWriter writer = stream;
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
    while (writer != null && stream == writer) {
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
    if (failure != null && System.nanoTime() - retryAtNanos < 0) {
      throw unavailable("cannot be written");
    }
    startThread();
    errands.wantStream();
    try (Patience patience = new Patience(done)) {
      while (errands.isStreamWanted() && !errands.isEndWanted()) {
        awaitProgress(patience);
      }
    }
    if (stream == null && !errands.isEndWanted()) {
      throw unavailable("cannot be written");
    }
  }

  /** Returns when there is room, or when the stream was given up. */
  private void awaitRoom(StreamWriter writer) {
    errands.wantRoom();
    try (Patience patience = new Patience(done)) {
      while (errands.isRoomWanted() && stream == writer) {
        awaitProgress(patience);
      }
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
    if (Thread.currentThread() == thread) {
      throw unavailable("cannot be written by the thread that writes it");
    }
    if (!patience.await()) {
      throw unavailable("was not written within " + Patience.SECONDS + " seconds");
    }
  }

  private void startThread() {
    if (thread == null) {
      Thread fresh = new JournalThread(this, duty);
      fresh.start();
      thread = fresh;
    }
  }

  private KmsException.AuditUnavailable unavailable(String what) {
    return new KmsException.AuditUnavailable(
        "The call was refused because it cannot be put on record: the audit trail in "
            + settings.folder()
            + " "
            + what
            + (failure == null ? "" : " (" + failure + ")")
            + ". Free space there or make it writable; calls succeed again as soon as it is.",
        failure);
  }

  /** Returns why nothing can be recorded; empty while all is well or nothing was tried. */
  Optional<Throwable> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  JournalState state() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return new JournalState(
          failure == null && !errands.isEndWanted(),
          disk.recorded(),
          bytesOfEnded + (stream == null ? 0 : stream.bytesLocked()),
          disk.forcedAgoNanos(now),
          disk.unforcedForNanos(now));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream and the thread. Calling it again does nothing. */
  void close() {
    lock.lock();
    try (Patience patience = new Patience(done)) {
      errands.wantEnd();
      while (thread != null) {
        awaitProgress(patience);
      }
    } finally {
      lock.unlock();
    }
  }

  // What follows is called by the journal's thread only; it holds no lock unless the name says so.

  Clock clock() {
    return clock;
  }

  Errands.Task nextTask(BooleanSupplier isCheckpointDue) {
    return errands.next(() -> owner.refersTo(null), isCheckpointDue);
  }

  /**
   * Appends a checkpoint, which is then taken to the disk like a record. Called by the thread that
   * signed it.
   *
   * @return false if there is no room, or if the stream is no more
   */
  boolean appendCheckpoint(StreamWriter signed, byte[] note) {
    lock.lock();
    try {
      if (stream != signed || !signed.appendCheckpointLocked(note)) {
        return false;
      }
      disk.add(System.nanoTime());
      errands.wakeIfAsleep();
      return true;
    } catch (InternalError e) {
      fail(e);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Something that is done under the lock. */
  interface LockedWork<T> {
    T run() throws IOException;
  }

  <T> T locked(LockedWork<T> task) throws IOException {
    lock.lock();
    try {
      return task.run();
    } finally {
      lock.unlock();
    }
  }

  /** Does something under the lock and tells everybody who waits. */
  private void announce(Runnable change) {
    lock.lock();
    try {
      change.run();
      done.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the stream that callers append to; null if there is none. */
  @Nullable StreamWriter stream() {
    lock.lock();
    try {
      return stream;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the stream that ended or was given up last; null if none was. */
  @Nullable UUID lastStream() {
    lock.lock();
    try {
      return lastStream;
    } finally {
      lock.unlock();
    }
  }

  void opened(StreamWriter opened) {
    boolean wasFailing = failure().isPresent();
    announce(
        () -> {
          stream = opened;
          failure = null;
          errands.streamOpened();
        });
    if (wasFailing) {
      LOG.log(Level.INFO, "The audit trail in {0} can be written again", settings.folder());
    }
  }

  /**
   * There is room again.
   *
   * @param taking what puts it to use, under the lock
   */
  void roomMade(Runnable taking) {
    announce(
        () -> {
          taking.run();
          errands.roomMade();
        });
  }

  void beginForce() {
    announce(disk::beginForce);
  }

  /** See {@link DiskProgress#lastToForce}. */
  long lastToForceLocked() {
    return disk.lastToForce();
  }

  void endForce(long last) {
    announce(() -> disk.endForce(last, System.nanoTime()));
  }

  /** Lets nobody append to the stream any more: it ends. */
  void detachLocked() {
    StreamWriter ending = stream;
    if (ending != null) {
      lastStream = ending.stream();
      bytesOfEnded += ending.bytesLocked();
      stream = null;
    }
  }

  /** All records of the stream that was detached are on the disk. */
  void ended() {
    announce(() -> disk.allForced(System.nanoTime()));
  }

  /** Gives the stream up, or the attempt to open one. */
  void failed(Throwable cause) {
    boolean isFirst = failure().isEmpty();
    announce(() -> fail(cause));
    // Without the lock: who receives log messages may be somebody who uses the KMS.
    if (isFirst) {
      LOG.log(Level.WARNING, "The audit trail cannot be written: calls are refused", cause);
    }
  }

  private void fail(Throwable cause) {
    failure = cause;
    retryAtNanos = System.nanoTime() + RETRY_NANOS;
    detachLocked();
    disk.giveUp();
    errands.allFailed();
    done.signalAll();
  }

  /**
   * The journal's thread ends.
   *
   * @param isAsAsked false if something threw it out of its work
   */
  void threadEnds(boolean isAsAsked) {
    announce(
        () -> {
          thread = null;
          if (!isAsAsked) {
            fail(new IllegalStateException("the journal's thread died"));
          }
        });
  }
}
