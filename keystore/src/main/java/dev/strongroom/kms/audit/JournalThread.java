// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The journal's own thread: it does everything that waits for the disk or can fail on it. */
final class JournalThread extends Thread {
  private static final System.Logger LOG = System.getLogger(JournalThread.class.getName());

  // So few bytes are hashed in microseconds: short enough to hold the lock.
  private static final long BYTES_TO_HASH_LOCKED = 4096;
  private static final int MOST_HASH_ROUNDS = 5;
  private static final long LONGEST_WAIT_MILLIS = 5000;
  private static final long MIRROR_WAIT_MILLIS = 2000;

  private final JournalSettings settings;
  private final JournalDuty duty;
  private final Clock clock;
  private final StreamState state;
  private @Nullable StreamWriter writer;
  private @Nullable TreeGrowth tree;
  private @Nullable Notarization notarization;
  private @Nullable Mirror mirror;
  private Optional<Thread> orphans = Optional.empty();
  private boolean isOrphansLookedFor;

  JournalThread(JournalSettings settings, JournalDuty duty, Clock clock, StreamState state) {
    super(null, null, "strongroom-audit", 0, false);
    this.settings = settings;
    this.duty = duty;
    this.clock = clock;
    this.state = state;
    setDaemon(true);
    setContextClassLoader(null);
  }

  /**
   * Does nothing. Some containers interrupt threads that they do not know, and a channel closes
   * itself under an interrupted thread; this one ends with its journal.
   */
  @Override
  public void interrupt() {}

  @Override
  public void run() {
    boolean isEnd = false;
    try {
      while (!isEnd) {
        isEnd = perform(state.nextTask(this::isCheckpointDue));
      }
    } finally {
      giveUp();
      awaitOrphans();
      state.threadEnds(isEnd);
    }
  }

  private boolean perform(Errands.Task task) {
    switch (task) {
      case OPEN -> open();
      case MAKE_ROOM -> makeRoom();
      case FORCE -> force();
      case CHECKPOINT -> checkpoint();
      case END -> end();
    }
    return task == Errands.Task.END;
  }

  private boolean isCheckpointDue() {
    return notarization != null && notarization.isDue();
  }

  private void open() {
    giveUp();
    try {
      StreamWriter opened = openWhereItWorks();
      writer = opened;
      TreeGrowth growth = new TreeGrowth(opened.openToRead());
      tree = growth;
      notarization = duty.notarize(opened.stream(), growth, settings, clock);
      Optional<Path> other = state.destinations().other(opened.folder());
      if (other.isPresent()) {
        mirror = Mirror.start(state, settings, duty, opened, other.get());
      }
      state.opened(opened);
      sealOrphans();
    } catch (IOException | RuntimeException e) {
      // Key and register are somebody else's; whatever they throw, the call must fail closed.
      state.failed(e);
    }
  }

  private StreamWriter openWhereItWorks() throws IOException {
    IOException failure = null;
    for (Path folder : state.destinations().inOrder()) {
      try {
        state.writesIn(folder);
        StreamWriter opened = duty.open(settings, folder, state.lastStream(), clock.millis());
        state.destinations().recovered(folder);
        return opened;
      } catch (IOException e) {
        state.destinations().failed(folder, e);
        failure = failure == null ? e : failure;
      }
    }
    throw Objects.requireNonNull(failure);
  }

  /** Seals what other processes left open, once; no call waits for it. */
  private void sealOrphans() {
    if (!isOrphansLookedFor) {
      isOrphansLookedFor = true;
      orphans = duty.orphans(settings, clock).seal();
    }
  }

  /** Lets that come to its end, unless it takes too long: the next start goes on with it. */
  private void awaitOrphans() {
    try {
      if (orphans.isPresent()) {
        orphans.get().join(LONGEST_WAIT_MILLIS);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("The journal's thread cannot be interrupted", e);
    }
  }

  private void makeRoom() {
    StreamWriter current = state.stream();
    if (current == null) {
      return;
    }
    try {
      if (state.locked(current::isFileLongEnoughLocked)) {
        rotate(current);
        state.roomMade(() -> {});
      } else {
        Window room = current.makeRoom();
        state.roomMade(() -> current.takeRoomLocked(room));
      }
    } catch (IOException e) {
      // The file itself is sound, so its stream can still be ended properly: on a full disk
      // nothing is lost.
      endAfter(current, e);
    }
  }

  private void rotate(StreamWriter current) throws IOException {
    JournalFile next = current.makeNextFile();
    boolean isMoved = false;
    try {
      Window first = next.firstWindow();
      if (mirror != null) {
        mirror.offer(current.indexLocked() + 1, next.openToRead());
      }
      hashAhead(current);
      long now = clock.millis();
      StreamWriter.Ending ending = state.locked(() -> current.rotateLocked(next, first, now));
      isMoved = true;
      ending.makeDurable();
      if (tree != null) {
        tree.goOn(ending.length(), next.openToRead());
      }
    } finally {
      if (!isMoved) {
        next.discard();
      }
    }
  }

  private void force() {
    StreamWriter current = state.stream();
    if (current == null) {
      return;
    }
    state.beginForce();
    try {
      hashAhead(current);
      long last =
          state.locked(
              () -> {
                current.sealBlockLocked();
                return state.lastToForceLocked();
              });
      wakeMirror();
      current.force();
      state.endForce(last);
      growTree(current);
      if (isCheckpointDue()) {
        checkpoint();
      }
    } catch (IOException e) {
      // The kernel may have dropped what it could not write: nothing more goes into this file.
      failed(e);
    }
  }

  /** Only this thread seals, so what is sealed now is what was forced. */
  private void growTree(StreamWriter current) throws IOException {
    if (tree != null) {
      tree.growTo(current.sealedTo());
    }
  }

  private void wakeMirror() {
    if (mirror != null) {
      mirror.wake();
    }
  }

  /** Gives the stream up; the next one begins in the other folder at once, if there is one. */
  private void failed(IOException cause) {
    if (state.destinations().isPair()) {
      state.brokenOff(cause);
    } else {
      state.failed(cause);
    }
    giveUp();
  }

  /** Begins a checkpoint of what is on the disk, which is all that is in the tree. */
  private void checkpoint() {
    StreamWriter current = state.stream();
    if (current != null && notarization != null) {
      notarization.begin(note -> state.appendCheckpoint(current, note));
    }
  }

  private void hashAhead(StreamWriter current) throws IOException {
    long hashed = 0;
    for (int round = 0; round < MOST_HASH_ROUNDS; round++) {
      long position = state.locked(current::positionLocked);
      if (round > 0 && position - hashed < BYTES_TO_HASH_LOCKED) {
        return;
      }
      current.hashTo(position);
      hashed = position;
    }
  }

  private void end() {
    StreamWriter current = state.stream();
    if (current == null) {
      return;
    }
    try {
      end(current, true);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The journal could not be sealed; its records are still there", e);
      failed(e);
    }
  }

  private void endAfter(StreamWriter current, IOException cause) {
    try {
      end(current, false); // callers wait: there is no time for an HSM
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    failed(cause);
  }

  /**
   * Ends the stream.
   *
   * @param isNotarized whether it gets its last checkpoint, for which the HSM may take seconds
   */
  private void end(StreamWriter current, boolean isNotarized) throws IOException {
    hashAhead(current);
    state.locked(
        () -> {
          state.detachLocked();
          return true;
        });
    // From here on nobody else appends, so no lock is needed.
    current.sealBlockLocked();
    current.force();
    state.ended();
    if (isNotarized && notarization != null && tree != null) {
      tree.growTo(current.sealedTo());
      tree.awaitAll();
      notarization.finish(current::appendCheckpointLocked);
    }
    StreamWriter.Ending ending = current.endLocked();
    ending.makeDurable();
    finishMirror(MIRROR_WAIT_MILLIS);
    if (duty.isEndRegistered(current, clock.millis())) {
      current.letGo();
      letMirrorGo(true);
    }
  }

  /** Returns whether the other folder has all of the stream. */
  private boolean finishMirror(long mostMillis) {
    return mirror != null && mirror.finish(mostMillis);
  }

  private void letMirrorGo(boolean isRegistered) {
    if (mirror != null) {
      mirror.letGo(isRegistered);
      mirror = null;
    }
  }

  private void giveUp() {
    Throwable broken = state.takeBroken();
    if (writer != null) {
      if (broken != null) {
        state.settled(finishMirror(LONGEST_WAIT_MILLIS));
        state.destinations().gaveUp(writer.stream());
        state.destinations().failed(writer.folder(), broken);
      }
      finishMirror(MIRROR_WAIT_MILLIS);
      letMirrorGo(false);
      writer.abandon();
      writer = null;
      notarization = null;
      if (tree != null) {
        tree.close();
        tree = null;
      }
    }
  }
}
