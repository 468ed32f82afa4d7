// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that nobody asks for: when they are due, and how long they are kept. */
class BackupScheduleTest {
  private final Path home;
  private final MovingTime time = new MovingTime();

  BackupScheduleTest(@TempDir Path home) {
    this.home = home;
  }

  private EmbeddedKms open(String... settings) throws IOException {
    Files.writeString(home.resolve("strongroom.properties"), String.join("\n", settings));
    return KmsAssembly.open(KmsConfig.inHome(home), time, () -> {});
  }

  private Caller root(Kms kms) {
    try (Credentials credentials = KmsConfig.inHome(home).credentials().orElseThrow()) {
      return kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  private static List<String> events(Kms kms, Caller root, String name) {
    return kms
        .lookupEvents(
            root,
            new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                List.of(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name)),
                Optional.empty(),
                99))
        .stream()
        .map(record -> record.parameters().getOrDefault("backupId", ""))
        .toList();
  }

  private static List<BackupDescription> backups(Kms kms, Caller root) {
    return kms.backups().list(root).backups();
  }

  @Test
  void newestBackupIsNeverOlderThanTheInterval() throws Exception {
    try (EmbeddedKms kms = open("backup.interval-hours=12")) {
      Caller root = root(kms);
      kms.createKey(root, CreateKeyRequest.of(CmkSpec.HMAC_256));
      BackupSchedule schedule = kms.open().backupSchedule();

      schedule.run();
      schedule.run();
      assertEquals(1, backups(kms, root).size());
      time.pass(Duration.ofHours(12));
      schedule.run();

      assertEquals(2, backups(kms, root).size());
      assertEquals(
          backups(kms, root).stream().map(BackupDescription::id).sorted().toList(),
          events(kms, root, "BackupCreated").stream().sorted().toList());
    }
  }

  @Test
  void oldBackupsGoButTheNewestStay() throws Exception {
    try (EmbeddedKms kms =
        open("backup.interval-hours=24", "backup.retention-days=7", "backup.keep=3")) {
      Caller root = root(kms);
      BackupSchedule schedule = kms.open().backupSchedule();
      for (int day = 0; day < 9; day++) {
        schedule.run();
        time.pass(Duration.ofDays(1));
      }
      assertEquals(7, backups(kms, root).size());
      assertEquals(2, events(kms, root, "BackupDeleted").size());

      time.pass(Duration.ofDays(100));
      schedule.run();

      assertEquals(3, backups(kms, root).size());
    }
  }

  @Test
  void backupThatFailsIsOnRecordAndMadeNextTime() throws Exception {
    Path folder = home.resolve("there");
    Files.writeString(folder, "a file in the way");
    try (EmbeddedKms kms = open("backup.interval-hours=24", "backup.folder=" + folder)) {
      Caller root = root(kms);
      BackupSchedule schedule = kms.open().backupSchedule();
      schedule.run();
      assertEquals(0, backups(kms, root).size());

      Files.delete(folder);
      schedule.run();

      assertEquals(1, backups(kms, root).size());
    }
  }

  @Test
  void settingsOutsideTheirBoundsAreRefused() {
    for (String wrong :
        List.of(
            "backup.retention-days=6",
            "backup.retention-days=380",
            "backup.keep=0",
            "backup.interval-hours=0",
            "backup.interval-hours=daily")) {
      KmsException refused =
          assertThrows(KmsException.Configuration.class, () -> open(wrong).close(), wrong);
      assertTrue(
          String.valueOf(refused.getMessage()).contains(wrong.substring(0, wrong.indexOf('='))),
          wrong);
    }
  }
}
