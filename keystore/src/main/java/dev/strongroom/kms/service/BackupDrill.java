// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.backup.BackupReader;
import dev.strongroom.kms.backup.KnownAnswers;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.life.KeyringAuthenticator;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Restoration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Restores a backup into a folder that is then gone, opens a sample, and signs what it saw.
 * Thread-safe.
 */
final class BackupDrill {
  private final DomainKeyring signing;
  private final Hsm hsm;
  private final SecureRandom random;
  private final Clock clock;

  /**
   * Makes it.
   *
   * @param signing signs reports
   * @param hsm has the domain key of backups that are not opened with a recipient's key
   */
  BackupDrill(DomainKeyring signing, Hsm hsm, SecureRandom random, Clock clock) {
    this.signing = signing;
    this.hsm = hsm;
    this.random = random;
    this.clock = clock;
  }

  DrillReport run(Path file, Optional<Path> recipientKey) {
    Instant start = clock.instant();
    Path home = TemporaryHome.create();
    try (OpenBackup backup = open(file, recipientKey)) {
      Map<String, Object> report = report(file, backup, start);
      restore(home, backup, report);
      report.put("CarriedDomainKey", backup.carried().isPresent());
      report.put("Milliseconds", Duration.between(start, clock.instant()).toMillis());
      return signed(Json.write(report));
    } finally {
      TemporaryHome.delete(home);
    }
  }

  /** Anybody can make a backup for a recipient: it has to be one of this KMS. */
  private OpenBackup open(Path file, Optional<Path> recipientKey) {
    if (recipientKey.isEmpty()) {
      return OpenBackup.open(file, hsm);
    }
    List<PublicKey> signers =
        signing.record().versions().stream()
            .map(version -> AuditNotary.decode(version.publicKey()))
            .toList();
    OpenBackup.requireSigner(file, BackupReader.open(file).header(), signers);
    return OpenBackup.open(file, PemKeys.privateKey(recipientKey.get()));
  }

  private static Map<String, Object> report(Path file, OpenBackup backup, Instant start) {
    BackupHeader header = backup.header();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("Report", "strongroom-backup-drill-1");
    report.put("Result", "Restored");
    report.put("Date", start.toString());
    report.put("BackupId", header.id());
    report.put("File", String.valueOf(file.getFileName()));
    report.put("Sha256", HexFormat.of().formatHex(backup.hash()));
    report.put("Created", header.created().toString());
    report.put("DomainId", header.domain().domainId().toString());
    report.put("Incarnation", header.incarnation());
    report.put("StoreRevision", header.storeRevision());
    report.put("StoreHash", header.storeHash());
    report.put("Keys", header.keys());
    return report;
  }

  private void restore(Path home, OpenBackup backup, Map<String, Object> report) {
    BackupHeader header = backup.header();
    String region = header.region();
    Restoration restoration =
        new Restoration(
            UUID.randomUUID().toString(), header.incarnation(), clock.instant(), Map.of());
    try (JdbcStore store = JdbcStore.open("jdbc:sqlite:" + home.resolve("store.db"), clock)) {
      long roots =
          backup.fill(
              store,
              new JdbcStore.Restoring(restoration, backup.expected(), region, region, Set.of()));
      report.put("VerifiedRoots", roots);
      try (KeyStorage storage = store.unlock(KeyringAuthenticator.of(backup.domain()));
          BackingKeys keys =
              new BackingKeys(
                  backup.carried().map(Hsm.class::cast).orElse(hsm),
                  backup.domain(),
                  new SoftwareKeys(random),
                  random,
                  clock)) {
        open(backup.answers(), storage, keys, report);
      }
    }
  }

  private void open(
      List<KnownAnswers.Answer> answers,
      KeyStorage storage,
      BackingKeys keys,
      Map<String, Object> report) {
    KnownAnswers known = new KnownAnswers(keys, RandomBytes.singly(random::nextBytes));
    Set<KeyId> opened = new HashSet<>();
    for (KnownAnswers.Answer answer : answers) {
      KmsKey key =
          storage
              .findKey(answer.key())
              .orElseThrow(() -> new KmsException.NotFound("The backup lacks " + answer.key()));
      known.check(key, answer);
      opened.add(answer.key());
    }
    report.put("OpenedKeys", (long) opened.size());
    report.put("OpenedAnswers", (long) answers.size());
  }

  private DrillReport signed(String json) {
    byte[] hash = Sha256.of(json.getBytes(StandardCharsets.UTF_8));
    return new DrillReport(json, Base64.getEncoder().encodeToString(signing.sign(hash)));
  }
}
