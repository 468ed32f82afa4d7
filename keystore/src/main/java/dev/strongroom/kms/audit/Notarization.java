// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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

  /** Where the note goes that was signed; false if the stream has no room or is no more. */
  interface Place {
    boolean append(byte[] note) throws IOException;
  }

  private final Notary notary;
  private final JournalSettings.Checkpoints settings;
  private final Clock clock;
  private final StreamWriter stream;
  private volatile long lastRecords;
  private volatile Optional<String> previous = Optional.empty();
  private long lastNanos = System.nanoTime();
  private @Nullable Thread signing;
  private boolean isOver;

  Notarization(
      Notary notary, JournalSettings.Checkpoints settings, Clock clock, StreamWriter stream) {
    this.notary = notary;
    this.settings = settings;
    this.clock = clock;
    this.stream = stream;
  }

  /** Returns whether enough records or time have passed since the last checkpoint was begun. */
  boolean isDue() {
    long fresh = stream.hashedRecords() - lastRecords;
    return fresh > 0
        && !isSigning()
        && (fresh >= settings.records()
            || System.nanoTime() - lastNanos >= settings.time().toNanos());
  }

  private boolean isSigning() {
    return signing != null && signing.isAlive();
  }

  /** Begins a checkpoint of the records that are hashed, which must be on the disk. */
  void begin(Place place) {
    TreeHead head = stream.head();
    lastNanos = System.nanoTime();
    Thread thread = new Thread(null, () -> sign(head, place), "strongroom-checkpoint", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    signing = thread;
  }

  /** Makes the last checkpoint, unless that takes too long: the stream then ends without it. */
  void finish(Place place) {
    awaitSigning();
    if (!isSigning() && stream.hashedRecords() > lastRecords) {
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

  private void sign(TreeHead head, Place place) {
    try {
      SignedNote note = note(head);
      if (place.append(note.toString().getBytes(StandardCharsets.UTF_8))) {
        previous = Optional.of(note.hash());
        lastRecords = head.records();
        notary.publish(stream.stream(), note.toString());
      }
    } catch (IOException | RuntimeException e) {
      // Whatever the HSM, the store or the witness throws: the next checkpoint covers these
      // records.
      LOG.log(
          Level.WARNING,
          "A checkpoint of the audit trail could not be made and is tried again: " + e);
    }
  }

  private SignedNote note(TreeHead head) {
    String origin = notary.name() + "/" + stream.stream();
    Checkpoint checkpoint =
        new Checkpoint(
            origin, head.records(), head.root(), previous, clock.instant(), notary.facts());
    String text = checkpoint.toText();
    byte[] signature = notary.sign(sha256(text.getBytes(StandardCharsets.UTF_8)));
    return SignedNote.of(text, origin, notary.publicKeys().get(0), signature);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256", "SUN").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JDK has SHA-256 in its provider SUN", e);
    }
  }
}
