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
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.DomainKeyDescription.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new version of the domain key, under which everything comes while work goes on. */
class DomainKeyRotationTest {
  private static final CloudHsm.Progress SILENT = (done, total) -> {};

  private final Path home;
  private final DomainKeyScene scene = new DomainKeyScene();
  private KmsFixture fixture;
  private Kms kms;
  private Caller root;

  DomainKeyRotationTest(@TempDir Path home) {
    this.home = home;
    this.fixture = KmsFixture.in(home);
    this.kms = fixture.kms();
    this.root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void restart() {
    fixture.close();
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
  }

  private DomainKeyDescription rotate() {
    return kms.cloudHsm().rotateDomainKey(root, SILENT);
  }

  private static List<Status> statuses(DomainKeyDescription description) {
    return description.versions().stream().map(DomainKeyDescription.Version::status).toList();
  }

  @Test
  void everythingComesUnderTheNewVersion() throws Exception {
    scene.make(kms, root, 20);
    KeyId key = fixture.symmetricKey();
    kms.createAlias(root, new Alias("alias/app"), key);
    kms.tagResource(root, key, Map.of("team", "a"));
    Caller batch = fixture.user("batch");
    for (int i = 0; i < 70; i++) { // more than one part of grants
      kms.createGrant(root, CreateGrantRequest.of(key, batch.arn(), Set.of(Operation.ENCRYPT)));
    }
    KeyId leaving = fixture.symmetricKey();
    kms.scheduleKeyDeletion(root, ScheduleKeyDeletionRequest.of(leaving));
    List<Long> progress = new ArrayList<>();

    DomainKeyDescription after =
        kms.cloudHsm().rotateDomainKey(root, (done, total) -> progress.add(done * 100 / total));

    assertEquals(List.of(Status.ACTIVE, Status.RETIRED), statuses(after));
    assertTrue(after.rotation().isEmpty());
    assertEquals(100L, progress.get(progress.size() - 1));
    assertEquals(List.of(2L), DomainKeyScene.versionsIn(home));
    scene.assertWhole(kms, root);
    restart();
    scene.assertWhole(kms, root);
    assertEquals(70, kms.listGrants(root, key, GrantFilter.ALL, null, 100).items().size());
    assertEquals("alias/app", kms.listAliases(root, key, null, 9).items().get(0).alias().name());
    assertEquals(after.versions(), kms.cloudHsm().describeDomainKey(root).versions());
    kms.cancelKeyDeletion(root, leaving);
  }

  @Test
  void itsLockFileIsForTheOwnerOnly() throws Exception {
    rotate();

    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(home.resolve("store.db-rotation.lock")));
  }

  @Test
  void itCanBeDoneAgainAndAgain() throws Exception {
    scene.make(kms, root, 3);

    rotate();
    rotate();
    DomainKeyDescription after = rotate();

    assertEquals(
        List.of(Status.ACTIVE, Status.RETIRED, Status.RETIRED, Status.RETIRED), statuses(after));
    assertEquals(List.of(4L), DomainKeyScene.versionsIn(home));
    restart();
    scene.assertWhole(kms, root);
  }

  @Test
  void anotherProcessWithTheOldVersionInItsCachesWorksOn() throws Exception {
    scene.make(kms, root, 5);
    try (EmbeddedKms other = fixture.secondProcess().get()) {
      Caller there = authenticate(other);
      scene.assertWhole(other, there);
      AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
      CountDownLatch rotated = new CountDownLatch(1);
      Thread working =
          new Thread(
              () -> {
                do {
                  KeyId made =
                      other.createKey(there, CreateKeyRequest.of(CmkSpec.HMAC_256)).keyId();
                  other.updateKeyDescription(there, made, "while the domain key rotates");
                } while (rotated.getCount() > 0);
              });
      working.setUncaughtExceptionHandler((thread, e) -> failed.set(e));
      working.start();
      rotate();
      rotated.countDown();
      working.join();

      assertEquals(null, failed.get());
      scene.assertWhole(other, there);
      KeyId made = other.createKey(there, CreateKeyRequest.of(CmkSpec.HMAC_256)).keyId();
      assertEquals(made, kms.describeKey(root, made).keyId());
    }
    assertEquals(List.of(2L), DomainKeyScene.versionsIn(home));
    restart();
    scene.assertWhole(kms, root);
  }

  private Caller authenticate(Kms other) {
    try (Credentials credentials = fixture.config().credentials().orElseThrow()) {
      return other.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  @Test
  void ofTwoAtOnceOneIsToldOfTheOther() throws Exception {
    scene.make(kms, root, 40);
    try (EmbeddedKms other = fixture.secondProcess().get()) {
      Caller there = authenticate(other);
      AtomicReference<@Nullable String> refusal = new AtomicReference<>();

      kms.cloudHsm()
          .rotateDomainKey(
              root,
              (done, total) ->
                  refusal.set(
                      assertThrows(
                              KmsException.InvalidState.class,
                              () -> other.cloudHsm().rotateDomainKey(there, SILENT))
                          .getMessage()));

      assertTrue(String.valueOf(refusal.get()).contains("another process or thread"));
      assertEquals(2, other.cloudHsm().describeDomainKey(there).versions().size());
    }
  }

  @Test
  void interruptedOneGoesOn() throws Exception {
    scene.make(kms, root, 40);
    assertThrows(
        IllegalStateException.class,
        () ->
            kms.cloudHsm()
                .rotateDomainKey(
                    root,
                    (done, total) -> {
                      if (done > total / 2) {
                        throw new IllegalStateException("stopped here");
                      }
                    }));
    assertEquals(List.of(1L, 2L), DomainKeyScene.versionsIn(home));
    scene.assertWhole(kms, root);
    restart();
    scene.assertWhole(kms, root);
    DomainKeyDescription between = kms.cloudHsm().describeDomainKey(root);
    assertEquals(List.of(Status.ACTIVE, Status.RETIRING), statuses(between));
    assertTrue(between.rotation().orElseThrow().done() > 0);

    KmsException refused = assertThrows(KmsException.InvalidState.class, this::rotate);
    DomainKeyDescription after = kms.cloudHsm().resumeDomainKeyRotation(root, SILENT);

    assertTrue(String.valueOf(refused.getMessage()).contains("--resume"));
    assertEquals(List.of(Status.ACTIVE, Status.RETIRED), statuses(after));
    assertEquals(List.of(2L), DomainKeyScene.versionsIn(home));
    scene.assertWhole(kms, root);
    assertThrows(
        KmsException.InvalidState.class,
        () -> kms.cloudHsm().resumeDomainKeyRotation(root, SILENT));
  }

  @Test
  void trailIsSignedByTheNewKeyAndTheOldOneVouchesForIt() throws Exception {
    PublicKey first = kms.listAuditPublicKeys(root).get(0);

    DomainKeyDescription after = rotate();

    List<PublicKey> keys = kms.listAuditPublicKeys(root);
    assertEquals(2, keys.size());
    assertNotEquals(first, keys.get(0));
    assertEquals(first, keys.get(1));
    DomainKeyDescription.Version active = after.versions().get(0);
    assertEquals(keys.get(0), active.publicKey());
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(first);
    verifier.update(active.endorsed().orElseThrow().getBytes(StandardCharsets.UTF_8));
    assertTrue(verifier.verify(active.endorsementBytes().orElseThrow()));
    restart();
    kms.validateLogs(root).forEach(stream -> assertEquals(List.of(), stream.findings()));
    assertEquals(1, events("RotateDomainKey"));
    assertEquals(1, events("DomainKeyRotated"));
  }

  private int events(String name) {
    return kms.lookupEvents(
            root,
            AuditQuery.newest(100)
                .with(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name)))
        .size();
  }

  @Test
  void usersNeedTheRight() {
    Caller user = fixture.user("somebody");

    assertThrows(
        KmsException.AccessDenied.class, () -> kms.cloudHsm().rotateDomainKey(user, SILENT));
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "somebody",
            "rotates",
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
              "Action": "cloudhsm:*DomainKey", "Resource": "*"}}""");
    assertEquals(2, kms.cloudHsm().rotateDomainKey(user, SILENT).versions().size());
  }

  @Test
  void approvalRuleOfTheAccountGuardsIt() {
    Caller alice = fixture.user("alice");
    KeyId signing =
        fixture.key(
            CreateKeyRequest.of(CmkSpec.ECC_NIST_P256)
                .withUsage(KeyUsage.SIGN_VERIFY)
                .withPolicy(ApproverScene.policy(alice, "kms:Sign")));
    ApprovalRule rule =
        kms.approvalRule(
            root,
            1,
            List.of(ApproverKey.of(alice.arn(), signing)),
            Set.of(Operation.ROTATE_DOMAIN_KEY.apiName()));
    kms.putAccountApprovalRule(root, rule);

    assertThrows(KmsException.ApprovalRequired.class, this::rotate);
    UUID request =
        kms.requestAccountApproval(
                root,
                ApprovalProposal.of(Operation.ROTATE_DOMAIN_KEY.apiName(), Map.of()),
                Duration.ofHours(1))
            .id();
    kms.approve(alice, request);

    assertEquals(2, rotate().versions().size());
    assertThrows(KmsException.ApprovalRequired.class, this::rotate);
  }

  @Test
  void oneInMemoryRotates() {
    KmsConfig config = KmsConfig.temporary(home.resolve("temporary"));
    try (EmbeddedKms temporary = KmsAssembly.open(config, () -> {});
        Credentials credentials = config.credentials().orElseThrow()) {
      Caller caller = temporary.authenticate(credentials.accessKeyId(), credentials.secret());
      scene.make(temporary, caller, 5);

      assertEquals(2, temporary.cloudHsm().rotateDomainKey(caller, SILENT).versions().size());

      scene.assertWhole(temporary, caller);
    }
  }

  @Test
  void cachedKeysEncryptDuringAndAfter() {
    KeyId key = fixture.symmetricKey();
    byte[] plaintext = {1};
    List<byte[]> blobs = new ArrayList<>();
    kms.cloudHsm()
        .rotateDomainKey(
            root,
            (done, total) ->
                blobs.add(
                    kms.encrypt(
                            root,
                            key,
                            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                            plaintext,
                            EncryptionContext.EMPTY)
                        .ciphertextBlob()));
    restart();

    assertFalse(blobs.isEmpty());
    for (byte[] blob : blobs) {
      kms.decrypt(root, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, EncryptionContext.EMPTY);
    }
  }
}
