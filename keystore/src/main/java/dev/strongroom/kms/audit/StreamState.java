// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of one journal share: the stream that there is, how far it is on the disk, or
 * why there is none. A {@link Recorder} waits for what {@link JournalThread} and {@link Mirror}
 * tell here.
 *
 * <p>Thread-safe; all fields that change are guarded by {@code lock}. Methods whose names end in
 * {@code Locked} need it, the others take it.
 */
final class StreamState {
  private static final System.Logger LOG = System.getLogger(StreamState.class.getName());
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  final ReentrantLock lock = new ReentrantLock();
  final Condition done = lock.newCondition();
  final DiskProgress disk = new DiskProgress();
  final Errands errands = new Errands(lock, disk);

  private final TrailFolders folders;
  private final Destinations destinations;
  private final BooleanSupplier isForgotten;
  private @Nullable Thread thread;
  private @Nullable StreamWriter stream;
  private @Nullable UUID lastStream;
  private @Nullable Throwable failure;
  private @Nullable Throwable broken;
  private volatile @Nullable Thread running;
  private volatile @Nullable Path folder;
  private long retryAtNanos;
  private long bytesOfEnded;

  /**
   * Makes the state before the first record.
   *
   * @param isForgotten whether nobody can record any more, so that the thread is to end
   */
  StreamState(TrailFolders folders, Destinations destinations, BooleanSupplier isForgotten) {
    this.folders = folders;
    this.destinations = destinations;
    this.isForgotten = isForgotten;
  }

  Destinations destinations() {
    return destinations;
  }

  /** Returns the stream that callers append to; null if there is none. */
  @Nullable StreamWriter streamLocked() {
    return stream;
  }

  /** Returns how many bytes all streams took so far. */
  long bytesLocked() {
    return bytesOfEnded + (stream == null ? 0 : stream.bytesLocked());
  }

  /** Returns whether the last try failed so lately that another is not worth its time. */
  boolean isTooEarlyLocked() {
    return failure != null && System.nanoTime() - retryAtNanos < 0;
  }

  /** Returns whether nothing failed since the last success. */
  boolean isSoundLocked() {
    return failure == null;
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

  KmsException.AuditUnavailable unavailableLocked(String what) {
    return new KmsException.AuditUnavailable(
        "The call was refused because it cannot be put on record: the audit trail in "
            + folders
            + " "
            + what
            + (failure == null ? "" : " (" + failure + ")")
            + ". Free space there or make it writable; calls succeed again as soon as it is.",
        failure);
  }

  /** Returns whether there is a thread that keeps the journal. */
  boolean hasThreadLocked() {
    return thread != null;
  }

  boolean isKeptByLocked(Thread other) {
    return other == thread;
  }

  void threadStartedLocked(Thread fresh) {
    thread = fresh;
    running = fresh;
  }

  /** Returns the journal's thread while it lives; takes no lock, which may be stuck. */
  @Nullable Thread running() {
    return running;
  }

  Errands.Task nextTask(BooleanSupplier isCheckpointDue) {
    return errands.next(isForgotten, isCheckpointDue);
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
      failLocked(e);
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
      LOG.log(Level.INFO, "The audit trail in {0} can be written again", folders);
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
    announce(() -> breakOffLocked(cause));
  }

  void breakOffLocked(Throwable cause) {
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
    announce(() -> failLocked(cause));
    // Without the lock: who receives log messages may be somebody who uses the KMS.
    if (isFirst) {
      LOG.log(Level.WARNING, "The audit trail cannot be written: calls are refused", cause);
    }
  }

  void failLocked(Throwable cause) {
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
            failLocked(new IllegalStateException("the journal's thread died"));
          }
        });
  }
}
