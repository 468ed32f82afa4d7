// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup, and the KMS that comes out of it. */
class BackupTest {
  private final BackupScene places;
  private final DomainKeyScene scene = new DomainKeyScene();
  private KmsFixture fixture;

  BackupTest(@TempDir Path folder) throws IOException {
    places = new BackupScene(folder);
    Files.createDirectories(places.source());
    fixture = places.open();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Path backup() {
    return fixture.kms().backups().create(fixture.root()).file();
  }

  private static KmsRestore.Report restore(KmsConfig config, Path file) {
    return KmsRestore.restore(config, KmsRestore.Request.of(file));
  }

  private static List<AuditRecord> records(Kms kms, Caller root, String event) {
    AuditQuery query =
        new AuditQuery(
            Optional.empty(),
            Optional.empty(),
            List.of(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, event)),
            Optional.empty(),
            9);
    return kms.lookupEvents(root, query);
  }

  @Test
  void everythingIsThereAgainElsewhere() throws Exception {
    Kms source = fixture.kms();
    Caller root = fixture.root();
    scene.make(source, root, 5);
    KeyId key = fixture.symmetricKey();
    source.createAlias(root, new Alias("alias/app"), key);
    source.tagResource(root, key, Map.of("team", "a"));
    Caller batch = fixture.user("batch");
    for (int i = 0; i < 70; i++) { // more than one part of grants
      source.createGrant(root, CreateGrantRequest.of(key, batch.arn(), Set.of(Operation.ENCRYPT)));
    }
    KmsConfig config = places.elsewhere("other");

    KmsRestore.Report report = restore(config, backup());

    try (EmbeddedKms restored = BackupScene.opened(config)) {
      Caller again = places.root(restored);
      scene.assertWhole(restored, again);
      assertEquals(70, restored.listGrants(again, key, GrantFilter.ALL, null, 100).items().size());
      assertEquals(key, restored.describeKey(again, new Alias("alias/app")).keyId());
      assertEquals(1, restored.listResourceTags(again, key, null, 9).items().size());
      assertEquals(
          report.incarnation(),
          restored.cloudHsm().describeDomainKey(again).restoration().orElseThrow().incarnation());
      AuditRecord record = records(restored, again, "RestoreBackup").get(0);
      assertEquals(report.incarnation(), record.parameters().get("incarnation"));
      assertEquals(report.backup().id(), record.parameters().get("backupId"));
      assertNotEquals(report.incarnation(), report.backup().incarnation());
    }
  }

  @Test
  void storeGoesOnAfterItAndIsBackedUpAgain() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 2);
    KmsConfig config = places.elsewhere("other");
    KmsRestore.Report first = restore(config, backup());
    BackupDescription second;
    try (EmbeddedKms restored = BackupScene.opened(config)) {
      Caller root = places.root(restored);
      restored.createKey(root, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT));
      restored.cloudHsm().rotateDomainKey(root, (done, total) -> {});
      second = restored.backups().create(root);
    }
    KmsConfig third = places.elsewhere("third");

    restore(third, second.file());

    assertEquals(first.incarnation(), second.incarnation());
    try (EmbeddedKms restored = BackupScene.opened(third)) {
      scene.assertWhole(restored, places.root(restored));
    }
  }

  @Test
  void recipientRestoresItWithoutTheKeyFile() throws Exception {
    Path escrow = places.recipient("escrow");
    scene.make(fixture.kms(), fixture.root(), 2);
    fixture.kms().cloudHsm().rotateDomainKey(fixture.root(), (done, total) -> {});
    fixture.close();
    Files.writeString(
        places.source().resolve("strongroom.properties"),
        "backup.recipients=" + places.publicKey("escrow"));
    fixture = places.open();
    Path file = backup();
    List<PublicKey> signers = fixture.kms().listAuditPublicKeys(fixture.root());
    fixture.kms().backups().drill(fixture.root(), file, Optional.of(escrow));
    KmsConfig config = places.bare("other");

    KmsRestore.restore(config, forRecipient(file, escrow, signers));

    try (EmbeddedKms restored = BackupScene.opened(config)) {
      scene.assertWhole(restored, places.root(restored));
    }
    KmsConfig third = places.bare("third");
    Path nobody = places.recipient("nobody");
    List<PublicKey> strangers =
        List.of(KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic());
    for (KmsRestore.Request wrong :
        List.of(
            forRecipient(file, nobody, signers),
            forRecipient(file, escrow, strangers),
            forRecipient(file, escrow, List.of()))) {
      assertThrows(KmsException.Configuration.class, () -> KmsRestore.restore(third, wrong));
      assertNothingThere(third);
    }
  }

  private static KmsRestore.Request forRecipient(
      Path file, Path privateKey, List<PublicKey> signers) {
    return new KmsRestore.Request(file, Optional.of(privateKey), Optional.empty(), false, signers);
  }

  @Test
  void drillOpensASampleAndSaysSoWithASignature() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 5);
    Path file = backup();

    DrillReport report = fixture.kms().backups().drill(fixture.root(), file, Optional.empty());

    assertTrue(report.json().contains("\"OpenedKeys\":10"), report.json());
    PublicKey key = fixture.kms().listAuditPublicKeys(fixture.root()).get(0);
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(key);
    verifier.update(report.json().getBytes(StandardCharsets.UTF_8));
    assertTrue(verifier.verify(report.signatureBytes()));
  }

  @Test
  void folderListsBackupsNewestFirst() throws Exception {
    BackupDescription first = fixture.kms().backups().create(fixture.root());
    BackupDescription second = fixture.kms().backups().create(fixture.root());
    Files.writeString(first.file().resolveSibling("x.backup"), "something else");

    Backups.Listing listing = fixture.kms().backups().list(fixture.root());

    assertEquals(
        List.of(second.id(), first.id()),
        listing.backups().stream().map(BackupDescription::id).toList());
    assertEquals(1, listing.unreadable().size());
    assertEquals(second, fixture.kms().backups().verify(fixture.root(), second.file()));
  }

  @Test
  void whatAKilledProcessLeftGoesAfterADay() throws Exception {
    backup();
    Path folder = places.source().resolve("backups");
    Path old = Files.writeString(folder.resolve("old.backup.part"), "half");
    Path young = Files.writeString(folder.resolve("young.backup.part"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    backup();

    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }

  @Test
  void onlyTheManagementAccountAndItsPoliciesMakeBackups() {
    Caller nobody = fixture.user("nobody");

    assertThrows(KmsException.AccessDenied.class, () -> fixture.kms().backups().create(nobody));
    assertFalse(Files.exists(places.source().resolve("backups")));
  }

  @Test
  void secondRestoreIntoOnePlaceIsRefusedAndOnRecord() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 1);
    Path file = backup();
    KmsConfig config = places.elsewhere("other");
    restore(config, file);

    assertThrows(KmsException.AlreadyExists.class, () -> restore(config, file));

    try (EmbeddedKms restored = BackupScene.opened(config)) {
      Caller root = places.root(restored);
      scene.assertWhole(restored, root);
      assertTrue(
          records(restored, root, "RestoreBackup").stream()
              .anyMatch(record -> record.errorCode() != null));
    }
  }

  @Test
  void otherDomainKeyIsRefused() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 1);
    Path file = backup();
    KmsConfig config = places.bare("other");

    KmsException refused =
        assertThrows(KmsException.Configuration.class, () -> restore(config, file));

    assertTrue(String.valueOf(refused.getMessage()).contains("domain key"), refused.getMessage());
    assertNothingThere(config);
  }

  private static void assertNothingThere(KmsConfig config) throws IOException {
    try (Stream<Path> files = Files.list(config.home())) {
      assertEquals(
          List.of("strongroom.properties"),
          files.map(file -> String.valueOf(file.getFileName())).sorted().toList());
    }
  }

  @Test
  void otherRegionIsRefusedUnlessItIsMeant() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 2);
    Path file = backup();
    KmsConfig config = places.elsewhere("other", "region=eu-2");

    assertThrows(KmsException.Configuration.class, () -> restore(config, file));
    assertNothingThere(config);
    KmsRestore.restore(
        config,
        new KmsRestore.Request(file, Optional.empty(), Optional.of("eu-2"), false, List.of()));

    try (EmbeddedKms restored = BackupScene.opened(config)) {
      Caller root = places.root(restored);
      scene.assertWhole(restored, root);
      KeyId any = restored.listKeys(root, null, 1).items().get(0);
      assertEquals("eu-2", restored.describeKey(root, any).arn().place().region());
    }
  }

  @Test
  void staleBackupIsRefusedUnlessTheRollbackIsMeant() throws Exception {
    scene.make(fixture.kms(), fixture.root(), 1);
    Path old = backup();
    Path moved = Files.createDirectories(places.source().resolveSibling("vault")).resolve("b");
    Files.copy(old, moved);
    fixture.symmetricKey();
    backup();
    KmsConfig beside = places.elsewhere("beside");
    KmsConfig same = places.elsewhere("same", "audit=" + places.source().resolve("audit"));

    KmsException byBackup =
        assertThrows(KmsException.InvalidState.class, () -> restore(beside, old));
    KmsException byTrail =
        assertThrows(KmsException.InvalidState.class, () -> restore(same, moved));

    assertTrue(String.valueOf(byBackup.getMessage()).contains("newer"), byBackup.getMessage());
    assertTrue(String.valueOf(byTrail.getMessage()).contains("trail"), byTrail.getMessage());
    assertNothingThere(beside);
    assertNothingThere(same);
    KmsRestore.restore(
        beside, new KmsRestore.Request(old, Optional.empty(), Optional.empty(), true, List.of()));
    try (EmbeddedKms restored = BackupScene.opened(beside)) {
      scene.assertWhole(restored, places.root(restored));
    }
  }
}
