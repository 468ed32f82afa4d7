// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.life.DueWork;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes a backup when the newest one is older than the settings want, and takes away those that are
 * older than they are to be kept. Every process looks; one of them does it. Thread-safe.
 */
final class BackupSchedule {
  private static final Logger LOG = System.getLogger(BackupSchedule.class.getName());
  private static final String FAILED = "BackupFailed";
  private static final String DELETED = "BackupDeleted";
  private static final String LOCK = ".lock";

  private final DueWork due = new DueWork(LOG, "Backups that are due");
  private final AtomicBoolean running = new AtomicBoolean();
  private final KmsConfig config;
  private final BackupMaker maker;
  private final UUID domain;
  private final AuditTrail trail;
  private final Clock clock;

  BackupSchedule(KmsConfig config, BackupMaker maker, UUID domain, AuditTrail trail, Clock clock) {
    this.config = config;
    this.maker = maker;
    this.domain = domain;
    this.trail = trail;
    this.clock = clock;
  }

  /** Looks, and does what is due in a thread of its own: a backup takes a while. */
  void runBehind() {
    if (config.backupInterval().isEmpty() || !isDue() || !running.compareAndSet(false, true)) {
      return;
    }
    WeakReference<BackupSchedule> weakly = new WeakReference<>(this);
    Thread thread = new Thread(null, () -> run(weakly), "strongroom-backup", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private static void run(WeakReference<BackupSchedule> weakly) {
    BackupSchedule schedule = weakly.get();
    if (schedule != null) {
      try {
        schedule.run();
      } finally {
        schedule.running.set(false);
      }
    }
  }

  /** Does what is due, unless another process does. */
  void run() {
    due.look(
        () -> {
          Path folder = BackupFolder.of(config).prepare().path();
          try (FileChannel channel =
                  FileChannel.open(
                      folder.resolve(LOCK),
                      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                      HomeFolder.secretFile());
              FileLock lock = channel.tryLock()) {
            if (lock != null && isDue()) {
              make();
            }
          } catch (OverlappingFileLockException e) {
            LOG.log(Level.DEBUG, "Another KMS of this process makes the backup", e);
          } catch (IOException e) {
            throw new KmsException.Configuration(
                "The folder " + folder + " cannot be written (" + e + "). Set backup.folder.", e);
          }
        });
  }

  private boolean isDue() {
    Duration interval = config.backupInterval().orElse(Duration.ZERO);
    Instant now = clock.instant();
    return ours().stream().allMatch(backup -> !backup.creationDate().plus(interval).isAfter(now));
  }

  /** Returns those of this KMS: several may write to one folder. */
  private List<BackupDescription> ours() {
    return BackupFolder.of(config).list().backups().stream()
        .filter(backup -> backup.domainId().equals(domain))
        .filter(backup -> backup.region().equals(config.place().region()))
        .toList();
  }

  private void make() {
    String id = maker.newId();
    try {
      maker.make(id);
    } catch (KmsException e) {
      record(FAILED, id, e);
      throw e;
    }
    retire();
  }

  /** The newest ones stay however old they are, so that a KMS that stood still has some. */
  private void retire() {
    Instant oldest = clock.instant().minus(config.backupRetention());
    List<BackupDescription> old =
        ours().stream()
            .skip(config.backupsKept())
            .filter(backup -> backup.creationDate().isBefore(oldest))
            .toList();
    for (BackupDescription backup : old) {
      try {
        record(DELETED, backup.id(), null);
        Files.deleteIfExists(backup.file());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The backup " + backup.file() + " could not be deleted: " + e);
      }
    }
  }

  private void record(String event, String id, @Nullable KmsException failure) {
    trail.record(
        new AuditEvent(
            event,
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of("backupId", id),
            null,
            failure == null ? null : failure.errorCode(),
            failure == null ? null : failure.getMessage(),
            null));
  }
}
