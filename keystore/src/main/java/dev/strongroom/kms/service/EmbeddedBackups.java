// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.DomainKeyring;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Backups of this KMS: the gate decides, {@link BackupMaker} and {@link BackupDrill} do it. */
final class EmbeddedBackups implements Backups {
  private static final String BECAUSE =
      "a backup has the keys of all accounts; the account that the KMS was made with makes it";

  private final KmsConfig config;
  private final ManagementGate management;
  private final BackupMaker maker;
  private final Hsm hsm;
  private final BackupDrill drill;

  EmbeddedBackups(
      KmsConfig config,
      ManagementGate management,
      BackupMaker maker,
      DomainKeyring domain,
      Hsm hsm,
      SecureRandom random,
      Clock clock) {
    this.config = config;
    this.management = management;
    this.maker = maker;
    this.hsm = hsm;
    this.drill = new BackupDrill(domain, hsm, random, clock);
  }

  @Override
  public BackupDescription create(Caller caller) {
    String id = maker.newId();
    return management.run(
        Call.of(caller, Operation.CREATE_BACKUP, Map.of("backupId", id)),
        BECAUSE,
        () -> maker.make(id));
  }

  @Override
  public Listing list(Caller caller) {
    return management.run(
        Call.of(caller, Operation.DESCRIBE_BACKUPS), BECAUSE, () -> BackupFolder.of(config).list());
  }

  @Override
  public BackupDescription verify(Caller caller, Path file) {
    return management.run(
        Call.of(caller, Operation.VERIFY_BACKUP, named(file)),
        BECAUSE,
        () -> {
          try (OpenBackup backup = OpenBackup.open(file, hsm)) {
            return BackupFolder.describe(file, Optional.of(backup.hash()));
          }
        });
  }

  private static Map<String, String> named(Path file) {
    return Map.of("file", String.valueOf(file.getFileName()));
  }

  @Override
  public DrillReport drill(Caller caller, Path file, Optional<Path> recipientKey) {
    return management.run(
        Call.of(caller, Operation.DRILL_BACKUP, named(file)),
        BECAUSE,
        () -> drill.run(file, recipientKey));
  }
}
