// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one stream: when one is due, and its signing, on a thread that lives for one
 * checkpoint, because an HSM may be slow or away and no call may wait for it.
 *
 * <p>Called by the journal's thread only, but for what the signing thread does.
 */
final class Notarization {
  private static final Logger LOG = System.getLogger(Notarization.class.getName());
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration WARNINGS_APART = Duration.ofMinutes(1);

  /** Where the note goes that was signed; false if the stream has no room or is no more. */
  interface Place {
    boolean append(byte[] note) throws IOException;
  }

  private final Notary notary;
  private final JournalSettings.Checkpoints settings;
  private final Clock clock;
  private final UUID stream;
  private final TreeGrowth tree;
  private volatile long lastRecords;
  private volatile Optional<String> previous = Optional.empty();
  private volatile Optional<String> unwitnessed = Optional.empty();
  private volatile long notBeforeNanos = System.nanoTime();
  private volatile long nextWarningNanos = System.nanoTime();
  private long lastNanos = System.nanoTime();
  private @Nullable Thread signing;
  private boolean isOver;

  Notarization(
      Notary notary,
      JournalSettings.Checkpoints settings,
      Clock clock,
      UUID stream,
      TreeGrowth tree) {
    this.notary = notary;
    this.settings = settings;
    this.clock = clock;
    this.stream = stream;
    this.tree = tree;
  }

  /**
   * Returns whether enough records or time have passed since the last checkpoint was begun, or the
   * witness has not taken the last one yet.
   */
  boolean isDue() {
    long fresh = tree.records() - lastRecords;
    long now = System.nanoTime();
    boolean isWanted =
        unwitnessed.isPresent()
            || fresh >= settings.records()
            || (fresh > 0 && now - lastNanos >= settings.time().toNanos());
    return isWanted && !isSigning() && now - notBeforeNanos >= 0;
  }

  private boolean isSigning() {
    return signing != null && signing.isAlive();
  }

  /** Begins a checkpoint of the records in the tree, which are on the disk. */
  void begin(Place place) {
    TreeHead head = tree.head();
    lastNanos = System.nanoTime();
    Thread thread = new Thread(null, () -> work(head, place), "strongroom-checkpoint", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    try {
      thread.start();
      signing = thread;
    } catch (OutOfMemoryError e) {
      // No more threads are to be had. The journal goes on without.
      failed("A checkpoint of the audit trail could not be made", e);
    }
  }

  /** Makes the last checkpoint, unless that takes too long: the stream then ends without it. */
  void finish(Place place) {
    awaitSigning();
    if (!isSigning() && (tree.records() > lastRecords || unwitnessed.isPresent())) {
      begin(note -> appendUnlessOver(place, note));
      awaitSigning();
    }
    synchronized (this) {
      isOver = true;
    }
  }

  /** Nothing may be written behind the end of the stream by a signature that comes too late. */
  private synchronized boolean appendUnlessOver(Place place, byte[] note) throws IOException {
    return !isOver && place.append(note);
  }

  private void awaitSigning() {
    Thread thread = signing;
    if (thread == null) {
      return;
    }
    try {
      thread.join(LONGEST_WAIT.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError("The journal's thread cannot be interrupted", e);
    }
  }

  private void work(TreeHead head, Place place) {
    if (head.records() > lastRecords) {
      sign(head, place);
    }
    unwitnessed.ifPresent(this::publish);
  }

  private void sign(TreeHead head, Place place) {
    try {
      SignedNote note = note(notary, stream, head, previous, clock.instant(), notary.facts());
      if (place.append(note.toString().getBytes(StandardCharsets.UTF_8))) {
        previous = Optional.of(note.hash());
        lastRecords = head.records();
        unwitnessed = Optional.of(note.toString());
      } else {
        pause();
      }
    } catch (IOException | RuntimeException | Error e) {
      // Whatever the HSM or the store throws, or memory that is short: the next checkpoint covers
      // these records, after a pause.
      failed("A checkpoint of the audit trail could not be made", e);
    }
  }

  private void publish(String note) {
    try {
      notary.publish(stream, note);
      unwitnessed = Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      failed("The witness did not take a checkpoint of the audit trail", e);
    }
  }

  private void failed(String what, Throwable cause) {
    pause();
    long now = System.nanoTime();
    if (now - nextWarningNanos >= 0) { // not every second of a night
      nextWarningNanos = now + WARNINGS_APART.toNanos();
      LOG.log(Level.WARNING, what + ", which is tried again: " + cause);
    }
  }

  private void pause() {
    Duration pause = settings.time().compareTo(LONGEST_PAUSE) < 0 ? settings.time() : LONGEST_PAUSE;
    notBeforeNanos = System.nanoTime() + pause.toNanos();
  }

  /**
   * Has a checkpoint signed.
   *
   * @param previous the hash of the note before; empty for the first of a stream
   */
  static SignedNote note(
      Notary notary,
      UUID stream,
      TreeHead head,
      Optional<String> previous,
      Instant time,
      List<String> facts) {
    String origin = notary.name() + "/" + stream;
    Checkpoint checkpoint =
        new Checkpoint(origin, head.records(), head.root(), previous, time, facts);
    String text = checkpoint.toText();
    byte[] hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    PublicKey key = notary.publicKeys().get(0);
    byte[] signature = notary.sign(hash);
    while (!notary.publicKeys().get(0).equals(key)) {
      // The domain key was rotated meanwhile: it is not known which version signed.
      key = notary.publicKeys().get(0);
      signature = notary.sign(hash);
    }
    return SignedNote.of(text, origin, key, signature);
  }
}
