// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.key.StoredObject;
import dev.strongroom.kms.key.backing.TokenKeyring;
import dev.strongroom.kms.storage.DeletionStorage;
import dev.strongroom.kms.storage.DeletionStorage.DeletedKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Destroys the keys whose deletion is due, and puts a receipt of each on record. Every process
 * sweeps, at its start and then again and again; a key is destroyed by one of them, in one
 * transaction. A process that is killed after it leaves the receipt to the next sweep, which may
 * then be on record twice; never is it missing. Thread-safe.
 */
public final class KeySweep {
  private static final Logger LOG = System.getLogger(KeySweep.class.getName());
  private static final String EVENT = "DeleteKey";
  private static final String TOKEN_OBJECT_END = "tokenObject";

  private final DueWork work = new DueWork(LOG, "Keys whose deletion is due");
  private final DeletionStorage storage;
  private final TokenKeyring tokens;
  private final AuditTrail trail;
  private final PassedTime time;
  private final Clock clock;
  private volatile boolean mustScrub;
  private volatile boolean hasWarned;

  public KeySweep(
      DeletionStorage storage,
      TokenKeyring tokens,
      AuditTrail trail,
      PassedTime time,
      Clock clock) {
    this.storage = storage;
    this.tokens = tokens;
    this.trail = trail;
    this.time = time;
    this.clock = clock;
  }

  /** Does what is due. What fails is tried again by the next sweep: a log line says so. */
  public void run() {
    work.look(this::sweep);
  }

  private void sweep() {
    destroyDue();
    recordDestroyed();
    if (mustScrub) {
      mustScrub = !storage.scrub();
    }
  }

  private void destroyDue() {
    Optional<Instant> earliest = storage.earliest();
    if (earliest.isEmpty()) {
      return;
    }
    int destroyed;
    do {
      Instant until = time.due();
      destroyed = work.each(storage.due(until, DueWork.BATCH), key -> isDestroyed(key, until));
    } while (destroyed == DueWork.BATCH);
    warnOfDoubts(earliest.get());
  }

  /** Once in a process, and where somebody may wonder why a key is still there. */
  private void warnOfDoubts(Instant earliest) {
    if (time.isClockDoubted() && !earliest.isAfter(clock.instant()) && !hasWarned) {
      hasWarned = true;
      LOG.log(
          Level.WARNING,
          "Keys that are due for deletion wait: the clock went on by more than was seen to pass, and"
              + " has to run evenly for a day in one process. If it is right, run 'kms"
              + " confirm-clock'.");
    }
  }

  private boolean isDestroyed(KeyId key, Instant until) {
    Optional<DeletedKey> deleted = storage.destroy(key, until, clock.instant());
    deleted.ifPresent(this::record);
    return deleted.isPresent();
  }

  /** Records what a process that was killed, or could not write, has left. */
  private void recordDestroyed() {
    storage.unrecorded(DueWork.BATCH).forEach(this::record);
  }

  /** That of a key which lived in a token waits until its object is destroyed there as well. */
  private void record(DeletedKey key) {
    mustScrub = true;
    Map<String, String> receipt = new LinkedHashMap<>(key.receipt());
    String store = receipt.get(DeletionStorage.CUSTOM_KEY_STORE);
    String object = receipt.get(DeletionStorage.TOKEN_OBJECT);
    if (store != null && object != null) {
      Optional<String> end = tokens.destroy(new StoredObject(store, object));
      if (end.isEmpty()) {
        return;
      }
      receipt.put(TOKEN_OBJECT_END, end.get());
    }
    trail.record(
        new AuditEvent(
            EVENT,
            false,
            null,
            key.arn(),
            null,
            EncryptionContext.EMPTY,
            receipt,
            null,
            null,
            null,
            null));
    storage.recorded(key.arn().keyId(), clock.instant());
  }
}
