// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.storage.ApprovalUse;
import dev.strongroom.kms.storage.DomainStorage;
import dev.strongroom.kms.storage.KeyStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the domain key a new version and brings everything under it, while this process and others
 * go on working. One process at a time does it; one that was killed leaves a store in which all is
 * good, under one version or the other, and anybody goes on from there. Thread-safe.
 */
public final class DomainRotation {
  private static final Logger LOG = System.getLogger(DomainRotation.class.getName());
  private static final String EVENT = "DomainKeyRotated";
  private static final int BATCH = 64;

  /** Whoever read a row before it was brought under the new version has checked it by then. */
  private static final Duration LONGEST_READ = Duration.ofMillis(250);

  private static final int MAX_PASSES = 20;

  private final DomainKeyring domain;
  private final BackingKeys backingKeys;
  private final KeyStorage storage;
  private final AuditTrail trail;
  private final Clock clock;

  public DomainRotation(
      DomainKeyring domain,
      BackingKeys backingKeys,
      KeyStorage storage,
      AuditTrail trail,
      Clock clock) {
    this.domain = domain;
    this.backingKeys = backingKeys;
    this.storage = storage;
    this.trail = trail;
    this.clock = clock;
  }

  /** Who wants to know how far it is: rows of the store, and what they own with them. */
  public interface Progress {
    void advanced(long done, long total);
  }

  /**
   * Rotates the domain key.
   *
   * @param wrapPolicy of the new version: open, strict or trusted
   * @param use a request for approvals that this takes
   * @throws KmsException.InvalidState if another rotation is under way, or was interrupted
   */
  public void rotate(String wrapPolicy, Optional<ApprovalUse> use, Progress progress) {
    try (DomainStorage.Turn turn = turn()) {
      if (domain.record().isRotating()) {
        throw new KmsException.InvalidState(
            "A rotation to version "
                + domain.activeVersion()
                + " was interrupted. 'cloudhsm rotate-domain-key --resume' goes on with it; after"
                + " that, rotate again.");
      }
      DomainKeyring newer = domain.withNewVersion(wrapPolicy, clock);
      storage.domain().activate(newer.record(), KeyringAuthenticator.of(newer), use);
      domain.adopt(newer);
      finish(progress);
    }
  }

  /**
   * Goes on with a rotation that was interrupted.
   *
   * @throws KmsException.InvalidState if there is none, or somebody goes on with it
   */
  public void resume(Progress progress) {
    try (DomainStorage.Turn turn = turn()) {
      if (!domain.record().isRotating()) {
        throw new KmsException.InvalidState(
            "There is no interrupted rotation: all is under version "
                + domain.activeVersion()
                + " of the domain key. Leave --resume out to rotate it.");
      }
      finish(progress);
    }
  }

  private DomainStorage.Turn turn() {
    return storage
        .domain()
        .turn()
        .orElseThrow(
            () ->
                new KmsException.InvalidState(
                    "The domain key is being rotated by another process or thread. 'cloudhsm"
                        + " describe-domain-key' shows how far it is."));
  }

  /**
   * Goes on with a rotation that was interrupted, in a thread of its own; does nothing where there
   * is none, or somebody is at it.
   */
  public void resumeBehind() {
    if (!domain.record().isRotating()) {
      return;
    }
    WeakReference<DomainRotation> weakly = new WeakReference<>(this);
    Thread thread = new Thread(null, () -> resume(weakly), "strongroom-domain-rotation", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private static void resume(WeakReference<DomainRotation> weakly) {
    DomainRotation rotation = weakly.get();
    if (rotation == null) {
      return;
    }
    try (DomainStorage.Turn turn = rotation.storage.domain().turn().orElse(null)) {
      if (turn != null && rotation.domain.record().isRotating()) {
        rotation.finish((done, total) -> {});
      }
    } catch (KmsException e) {
      LOG.log(Level.WARNING, "The rotation of the domain key has to wait: " + e.getMessage());
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "The KMS was closed while its domain key was rotated", e);
    }
  }

  private void finish(Progress progress) {
    DomainStorage.Amounts amounts = storage.domain().amounts();
    long done = amounts.done();
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      done = renewAll(done, amounts.total(), progress);
      storage.verifyAll((verified, all) -> {});
      pause(LONGEST_READ);
      DomainRecord retired = domain.record().retired(clock.instant());
      if (storage.domain().retire(retired)) {
        domain.adopt(domain.with(retired));
        record(retired);
        return;
      }
    }
    throw new KmsException.Conflict(
        "Rows of the store are changed faster than they come under the new version of the domain"
            + " key. Run 'cloudhsm rotate-domain-key --resume' when there is less to do.");
  }

  private long renewAll(long before, long total, Progress progress) {
    DomainStorage.Pass rows = storage.domain().pass(backingKeys::rewrap);
    Pace pace = new Pace(System.nanoTime());
    long done = before;
    progress.advanced(done, total);
    long start = System.nanoTime();
    int renewed = rows.next(BATCH);
    while (renewed >= 0) {
      if (renewed > 0) {
        done += renewed;
        progress.advanced(Math.min(done, total), total);
        long left = Math.max(0, total - done) / renewed;
        pause(pace.pause(start, System.nanoTime(), left));
      }
      start = System.nanoTime();
      renewed = rows.next(BATCH);
    }
    return done;
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KmsException.InvalidState(
          "The rotation of the domain key was interrupted. 'cloudhsm rotate-domain-key --resume'"
              + " goes on with it.");
    }
  }

  private void record(DomainRecord record) {
    DomainRecord.Version active = record.active();
    trail.record(
        new AuditEvent(
            EVENT,
            false,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of(
                "domainId", record.domainId().toString(),
                "version", String.valueOf(active.number()),
                "wrapPolicy", active.wrapPolicy(),
                "publicKeySha256", HexFormat.of().formatHex(Sha256.of(active.publicKey())),
                "endorsement", HexFormat.of().formatHex(active.endorsement())),
            null,
            null,
            null,
            null));
  }
}
