// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies one stream to the other folder while it is written, on a thread of its own: whatever the
 * one disk does, the other does not wait for it. Callers store to the first copy only; what is new
 * there is here, and on the disk, some milliseconds later, and counts as recorded from then on.
 *
 * <p>Where the other folder fails the mirror leaves it and tries again, from the first file on;
 * what is there already is held against the first copy, and the whole copy is verified before it
 * counts.
 */
final class Mirror {
  private static final Logger LOG = System.getLogger(Mirror.class.getName());
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int TICKS_BEFORE_SLEEP = 25;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final StreamState state;
  private final JournalSettings settings;
  private final JournalDuty duty;
  private final StreamWriter stream;
  private final Path folder;
  private final Thread thread;
  private final Map<Integer, FileChannel> sources = new ConcurrentHashMap<>();
  private volatile boolean isOut;
  private volatile boolean isFinishing;
  private volatile boolean isComplete;
  private Optional<OwnerFile> owner = Optional.empty();
  private int settled;

  /** Where in the stream a copy may go to, and what is recorded by then. */
  record Mark(int index, long position, long ticket, long seenNanos) {}

  private Mirror(
      StreamState state,
      JournalSettings settings,
      JournalDuty duty,
      StreamWriter stream,
      Path folder) {
    this.state = state;
    this.settings = settings;
    this.duty = duty;
    this.stream = stream;
    this.folder = folder;
    this.thread = new Thread(null, this::run, "strongroom-audit-copy", 0, false);
  }

  /**
   * Begins to copy a stream.
   *
   * @param folder where to
   */
  static Mirror start(
      StreamState state,
      JournalSettings settings,
      JournalDuty duty,
      StreamWriter stream,
      Path folder)
      throws IOException {
    Mirror mirror = new Mirror(state, settings, duty, stream, folder);
    mirror.offer(0, stream.openToRead());
    mirror.thread.setDaemon(true);
    mirror.thread.setContextClassLoader(null);
    mirror.thread.start();
    return mirror;
  }

  /**
   * Gives a file to copy before it is written to, so that what is written can be copied even if the
   * file is removed then.
   */
  void offer(int index, FileChannel source) throws IOException {
    if (isOut) {
      source.close(); // It may take long until that is needed; the file then is.
    } else {
      sources.put(index, source);
    }
  }

  /** There is something new. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Copies the rest of a stream that nobody appends to any more.
   *
   * @param mostMillis how long to wait for it
   * @return whether all of it is on the other disk
   */
  boolean finish(long mostMillis) {
    isFinishing = true;
    wake();
    try {
      thread.join(mostMillis);
    } catch (InterruptedException e) {
      throw new AssertionError("The journal's thread cannot be interrupted", e);
    }
    return isComplete;
  }

  /** The end of the stream is registered, or the stream is given up: see {@link StreamWriter}. */
  void letGo(boolean isRegistered) {
    if (!thread.isAlive()) { // Else it may be about to take the file, which the next start sees to.
      owner.ifPresent(isRegistered ? OwnerFile::delete : OwnerFile::close);
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_NANOS;
    boolean isAgain = false;
    while (!isComplete && !(isAgain && isFinishing)) {
      try (StreamCopy copy =
          new StreamCopy(stream.stream(), stream.folder(), folder, settled, sources)) {
        follow(copy, isAgain);
      } catch (IOException | RuntimeException e) {
        // Keys are somebody else's; whatever they throw, the other copy goes on without this one.
        failed(e);
        isAgain = true;
        if (!isFinishing) {
          LockSupport.parkNanos(this, pause);
          pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
        }
      }
    }
    closeSources();
  }

  private void failed(Exception e) {
    isOut = true;
    state.mirrorLost();
    closeSources();
    if (e instanceof StreamCopy.SourceLost) {
      LOG.log(Level.DEBUG, "The first copy of a stream cannot be read", e);
    } else {
      state.destinations().failed(folder, e);
    }
  }

  private void closeSources() {
    for (Integer index : List.copyOf(sources.keySet())) {
      FileChannel source = sources.remove(index);
      try {
        if (source != null) {
          source.close();
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "Closing a journal failed", e);
      }
    }
  }

  private void follow(StreamCopy copy, boolean isAgain) throws IOException {
    Optional<OwnerFile> made = OwnerFile.createIfMissing(folder, stream.stream());
    owner = made.isPresent() ? made : owner;
    boolean isVerified = !isAgain;
    int idle = 0;
    while (!isComplete) {
      boolean isLast = isFinishing;
      Mark mark = state.mark(stream);
      boolean isNew = copyTo(copy, mark);
      if (!isVerified) {
        duty.verifyCopy(stream.stream(), folder);
        isVerified = true;
      }
      isOut = false;
      state.mirrored(mark);
      state.destinations().recovered(folder);
      if (state.destinations().takeHealing()) {
        duty.heal(settings, state.destinations().givenUp());
      }
      idle = isNew ? 0 : idle + 1;
      if (isLast) {
        copy.finish(stream.end() != null);
        isComplete = true;
      } else if (!isFinishing) {
        LockSupport.parkNanos(this, idle < TICKS_BEFORE_SLEEP ? TICK_NANOS : SLEEP_NANOS);
      }
    }
  }

  /** Returns whether there was anything to copy. */
  private boolean copyTo(StreamCopy copy, Mark mark) throws IOException {
    boolean isNew = false;
    while (copy.index() < mark.index()) {
      copy.endFileAt(state.endOf(stream, copy.index()));
      settled = Math.max(settled, copy.index());
      isNew = true;
    }
    return copy.copyTo(mark.position()) || isNew;
  }
}
