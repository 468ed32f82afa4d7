// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
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
 * <p>A stream that fails is given up, and calls fail until another can be opened. Where there are
 * two folders, a {@link Mirror} has the stream in the other one: nothing is lost then, and calls
 * wait for the next stream, which begins there. If the disk of the first does not even answer,
 * another recorder takes over, see {@link Succession}.
 *
 * <p>Thread-safe; all fields that change are guarded by {@code lock}.
 */
final class Recorder {
  private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

  // No result is released while a record has not been on the disk for longer.
  private static final long MOST_UNFORCED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_SPINS = 100;
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  // Where there is another disk, for so long calls wait for one that does not answer.
  private static final long MOST_STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final JournalSettings settings;
  private final JournalDuty duty;
  private final Clock clock;
  private final Destinations destinations;
  private final WeakReference<Succession> owner;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private final DiskProgress disk = new DiskProgress();
  private final Errands errands = new Errands(lock, disk);

  private @Nullable Thread thread;
  private @Nullable StreamWriter stream;
  private @Nullable UUID lastStream;
  private @Nullable Throwable failure;
  private @Nullable Throwable broken;
  private volatile boolean isSuperseded;
  private volatile @Nullable Thread running;
  private volatile @Nullable Path folder;
  private long retryAtNanos;
  private long bytesOfEnded;

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
      if (destinations.isPair() && stream != null) {
        breakOff(e);
        return false;
      }
      fail(e);
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
      if (stream == null && !isSuperseded && !errands.isEndWanted()) {
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
      while (stream == null && !isSuperseded) {
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
      while (errands.isStreamWanted() && !errands.isEndWanted() && !isSuperseded) {
        awaitUnlessStalled(patience);
      }
    }
    if (stream == null && !errands.isEndWanted() && !isSuperseded) {
      throw unavailable("cannot be written");
    }
  }

  /** Returns when there is room, or when the stream was given up. */
  private void awaitRoom(StreamWriter writer) {
    errands.wantRoom();
    try (Patience patience = new Patience(done)) {
      while (errands.isRoomWanted() && stream == writer && !isSuperseded) {
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
    if (Thread.currentThread() == thread) {
      throw unavailable("cannot be written by the thread that writes it");
    }
    if (!patience.await(mostNanos)) {
      throw unavailable("was not written within " + Patience.SECONDS + " seconds");
    }
  }

  private void startThread() {
    if (thread == null) {
      Thread fresh = new JournalThread(this, duty);
      fresh.start();
      thread = fresh;
      running = fresh;
    }
  }

  private KmsException.AuditUnavailable unavailable(String what) {
    return new KmsException.AuditUnavailable(
        "The call was refused because it cannot be put on record: the audit trail in "
            + settings.folders()
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
        && stream != null
        && !disk.isMirrored()
        && destinations.failing().isEmpty();
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
          disk.unforcedForNanos(now),
          destinations.failing().size(),
          destinations.failures());
    } finally {
      lock.unlock();
    }
  }

  /** Another recorder has taken over. The stream ends as soon as the disk lets it. */
  void supersede() {
    isSuperseded = true;
  }

  /** Returns whether its thread still has something to do; takes no lock, which may be stuck. */
  boolean isBusy() {
    return running != null;
  }

  /** Waits for that a little. */
  void awaitEnd(long mostMillis) {
    Thread ending = running;
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
    return errands.next(() -> isSuperseded || owner.refersTo(null), isCheckpointDue);
  }

  Destinations destinations() {
    return destinations;
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

  /** Returns how far the mirror may copy. Called by its thread, as the four that follow. */
  Mirror.Mark mark(StreamWriter writer) {
    lock.lock();
    try {
      return new Mirror.Mark(
          writer.indexLocked(), writer.positionLocked(), disk.recorded(), System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  long endOf(StreamWriter writer, int index) {
    lock.lock();
    try {
      return writer.endOfLocked(index);
    } finally {
      lock.unlock();
    }
  }

  void mirrored(Mirror.Mark copied) {
    announce(() -> disk.mirrored(copied.ticket(), copied.seenNanos()));
  }

  void mirrorLost() {
    announce(disk::mirrorLost);
  }

  /** The folder that failed works again: what else it lacks is copied, by a thread of its own. */
  void healOthers() {
    duty.heal(settings, destinations.givenUp());
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

  /** Says where the journal's thread is about to write, which may take for ever. */
  void writesIn(Path folder) {
    this.folder = folder;
  }

  /** Returns where the stream is, or is being opened; null before the first. */
  @Nullable Path folder() {
    return folder;
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
      LOG.log(Level.INFO, "The audit trail in {0} can be written again", settings.folders());
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

  /**
   * The folder of the stream failed, and there is another: what was recorded is kept if the mirror
   * has it, and the next stream begins there.
   */
  void brokenOff(Throwable cause) {
    announce(() -> breakOff(cause));
  }

  private void breakOff(Throwable cause) {
    broken = cause;
    detachLocked();
    errands.allFailed();
    errands.wantStream();
    done.signalAll();
  }

  /** Returns why the stream that is given up was broken off; null if it was not. */
  @Nullable Throwable takeBroken() {
    lock.lock();
    try {
      Throwable cause = broken;
      broken = null;
      return cause;
    } finally {
      lock.unlock();
    }
  }

  /** Tells what became of the records of a stream that was broken off. */
  void settled(boolean areKept) {
    announce(
        () -> {
          disk.mirrorLost();
          if (areKept) {
            disk.allForced(System.nanoTime());
          } else {
            disk.giveUp();
          }
        });
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
          running = null;
          if (!isAsAsked) {
            fail(new IllegalStateException("the journal's thread died"));
          }
        });
  }
}
