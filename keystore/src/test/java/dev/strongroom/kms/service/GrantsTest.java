// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
  private static final EncryptionContext TENANT_A = EncryptionContext.of(Map.of("tenant", "a"));
  private static final EncryptionContext TENANT_B = EncryptionContext.of(Map.of("tenant", "b"));

  private KmsFixture fixture;
  private Kms kms;
  private Caller root;
  private Caller batch;
  private KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    batch = fixture.user("batch");
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private CreateGrantRequest request(Operation... operations) {
    return CreateGrantRequest.of(key, batch.arn(), Set.of(operations));
  }

  private String grant(CreateGrantRequest request) {
    return kms.createGrant(root, request).grantId();
  }

  private EncryptResult encrypt(Kms at, Caller caller, EncryptionContext context) {
    return at.encrypt(
        caller, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, new byte[] {1, 2}, context);
  }

  private EncryptResult encrypt(Caller caller) {
    return encrypt(kms, caller, EncryptionContext.EMPTY);
  }

  private void assertDenied(Caller caller) {
    assertThrows(KmsException.AccessDenied.class, () -> encrypt(caller));
  }

  private List<GrantListEntry> list() {
    return kms.listGrants(root, key, GrantFilter.ALL, null, 1000).items();
  }

  @Test
  void grantLetsInAtOnceAndItsEndRefusesAtOnce() {
    assertDenied(batch);

    String id = grant(request(Operation.ENCRYPT));
    byte[] blob = encrypt(batch).ciphertextBlob();
    assertThrows(
        KmsException.AccessDenied.class,
        () ->
            kms.decrypt(
                batch, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, EncryptionContext.EMPTY));
    kms.revokeGrant(root, key, id);

    assertDenied(batch);
    assertEquals(List.of(), list());
  }

  @Test
  void constraintsHoldForWhatHasAContext() {
    grant(
        request(Operation.ENCRYPT, Operation.DESCRIBE_KEY)
            .withConstraints(GrantConstraints.equalTo(TENANT_A)));

    assertDoesNotThrow(() -> encrypt(kms, batch, TENANT_A));
    assertDoesNotThrow(() -> kms.describeKey(batch, key));
    assertThrows(KmsException.AccessDenied.class, () -> encrypt(kms, batch, TENANT_B));
    assertDenied(batch);
  }

  @Test
  void callByAGrantNamesItOnRecord() {
    String id = grant(request(Operation.ENCRYPT).withName("nightly"));

    encrypt(batch);

    assertEquals("grant " + id + " \"nightly\"", last("Encrypt").decidedBy().orElseThrow());
    AuditRecord made = last("CreateGrant");
    assertEquals(id, made.parameters().get("grantId"));
    assertEquals(batch.arn(), made.parameters().get("granteePrincipal"));
    assertEquals("Encrypt", made.parameters().get("operations"));
  }

  private AuditRecord last(String event) {
    return kms.lookupEvents(root, AuditQuery.newest(100)).stream()
        .filter(record -> record.eventName().equals(event))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  @Test
  void grantEndsWhenItExpires() throws InterruptedException {
    grant(
        request(Operation.ENCRYPT).withExpirationDate(Instant.now().plus(Duration.ofMillis(1500))));
    assertDoesNotThrow(() -> encrypt(batch));

    Thread.sleep(1600);

    assertDenied(batch);
    assertEquals(1, list().size());
  }

  @Test
  void nameMakesTheCallRepeatable() {
    CreateGrantRequest named = request(Operation.ENCRYPT).withName("nightly");
    CreateGrantResult first = kms.createGrant(root, named);
    CreateGrantResult second = kms.createGrant(root, named);

    assertEquals(first.grantId(), second.grantId());
    assertNotEquals(first.grantId(), grant(request(Operation.DECRYPT).withName("nightly")));
    assertNotEquals(grant(request(Operation.ENCRYPT)), grant(request(Operation.ENCRYPT)));
    assertEquals(4, list().size());
  }

  @Test
  void grantThatCountsIsUsedExactlySoOften() throws Exception {
    grant(request(Operation.ENCRYPT).withMaxUses(300));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Integer>> counts = new ArrayList<>();
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller otherRoot = other.authenticate(credentials.accessKeyId(), credentials.secret());
      NewAccessKey accessKey = other.iam().createAccessKey(otherRoot, "batch");
      Caller otherBatch = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      for (int i = 0; i < 4; i++) {
        boolean here = i % 2 == 0;
        counts.add(threads.submit(() -> useUp(here ? kms : other, here ? batch : otherBatch)));
      }
      int made = 0;
      for (Future<Integer> count : counts) {
        made += count.get();
      }
      assertEquals(300, made);
    } finally {
      threads.shutdown();
    }
    assertDenied(batch);
  }

  private int useUp(Kms at, Caller caller) {
    int made = 0;
    while (true) {
      try {
        encrypt(at, caller, EncryptionContext.EMPTY);
        made++;
      } catch (KmsException.AccessDenied e) {
        return made;
      }
    }
  }

  @Test
  void usesThatWereNotMadeAreGivenBackWhenTheKmsCloses() {
    grant(request(Operation.ENCRYPT).withMaxUses(1000));
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller otherRoot = other.authenticate(credentials.accessKeyId(), credentials.secret());
      NewAccessKey accessKey = other.iam().createAccessKey(otherRoot, "batch");
      encrypt(
          other,
          other.authenticate(accessKey.accessKeyId(), accessKey.secret()),
          EncryptionContext.EMPTY);
    }

    assertEquals(999, useUp(kms, batch));
  }

  @Test
  void otherGrantLetsInWhereOneIsUsedUp() {
    grant(request(Operation.ENCRYPT).withMaxUses(1));
    grant(request(Operation.ENCRYPT).withMaxUses(2).withName("second"));

    assertEquals(3, useUp(kms, batch));
  }

  @Test
  void granteeMayPassOnNoMoreThanItHas() {
    Caller helper = fixture.user("helper");
    Instant end = Instant.now().plusSeconds(3600);
    grant(
        request(Operation.CREATE_GRANT, Operation.ENCRYPT)
            .withConstraints(GrantConstraints.containing(TENANT_A))
            .withExpirationDate(end));
    CreateGrantRequest part =
        CreateGrantRequest.of(key, helper.arn(), Set.of(Operation.ENCRYPT))
            .withConstraints(GrantConstraints.equalTo(TENANT_A))
            .withExpirationDate(end);

    assertRefused(part.withConstraints(GrantConstraints.NONE));
    assertRefused(part.withConstraints(GrantConstraints.containing(TENANT_B)));
    assertRefused(part.withExpirationDate(end.plusSeconds(1)));
    assertRefused(
        CreateGrantRequest.of(key, helper.arn(), Set.of(Operation.DECRYPT))
            .withConstraints(GrantConstraints.equalTo(TENANT_A))
            .withExpirationDate(end));
    kms.createGrant(batch, part);

    assertDoesNotThrow(() -> encrypt(kms, helper, TENANT_A));
  }

  private void assertRefused(CreateGrantRequest request) {
    assertThrows(KmsException.AccessDenied.class, () -> kms.createGrant(batch, request));
  }

  @Test
  void retiringPrincipalAndGranteeAndAccountMayRetire() {
    Caller retiring = fixture.user("retiring");
    Caller other = fixture.user("other");
    String byPrincipal = grant(request(Operation.ENCRYPT).withRetiringPrincipal(retiring.arn()));
    String byGrantee = grant(request(Operation.RETIRE_GRANT));
    String byRoot = grant(request(Operation.DECRYPT));

    assertEquals(
        byPrincipal,
        kms.listRetirableGrants(root, retiring.arn(), null, 10).items().get(0).grantId());
    assertThrows(KmsException.AccessDenied.class, () -> kms.retireGrant(other, key, byPrincipal));
    assertThrows(KmsException.AccessDenied.class, () -> kms.retireGrant(batch, key, byRoot));
    kms.retireGrant(retiring, key, byPrincipal);
    kms.retireGrant(batch, key, byGrantee);
    kms.retireGrant(root, key, byRoot);

    assertEquals(List.of(), list());
    assertThrows(KmsException.NotFound.class, () -> kms.retireGrant(root, key, byRoot));
    assertThrows(KmsException.NotFound.class, () -> kms.revokeGrant(root, key, byRoot));
    assertThrows(KmsException.AccessDenied.class, () -> kms.retireGrant(other, key, byRoot));
  }

  @Test
  void grantIsRetiredByItsToken() {
    CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));

    kms.retireGrant(root, made.grantToken());

    assertDenied(batch);
    assertThrows(
        KmsException.InvalidGrantToken.class, () -> kms.retireGrant(root, made.grantToken()));
  }

  @Test
  void tokenIsTakenByItsKeyOnly() {
    CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));
    KeyId other = fixture.symmetricKey();
    String otherToken =
        kms.createGrant(root, CreateGrantRequest.of(other, batch.arn(), Set.of(Operation.ENCRYPT)))
            .grantToken();

    assertDoesNotThrow(() -> encrypt(batch.presenting(List.of(made.grantToken()))));
    assertInvalid(otherToken);
    assertInvalid("");
    assertInvalid("%%%");
    assertInvalid("A".repeat(8192));
  }

  private void assertInvalid(String token) {
    assertThrows(
        KmsException.InvalidGrantToken.class, () -> encrypt(batch.presenting(List.of(token))));
  }

  @Test
  void tokenWithAnyBitChangedIsRefused() {
    byte[] token =
        Base64.getDecoder().decode(kms.createGrant(root, request(Operation.ENCRYPT)).grantToken());

    for (int bit = 0; bit < 8 * token.length; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertInvalid(Base64.getEncoder().encodeToString(changed));
    }
  }

  @Test
  void tokenOfAnEndedGrantIsRefused() throws InterruptedException {
    CreateGrantResult revoked = kms.createGrant(root, request(Operation.ENCRYPT));
    CreateGrantResult expired =
        kms.createGrant(
            root,
            request(Operation.ENCRYPT)
                .withExpirationDate(Instant.now().plus(Duration.ofMillis(300))));
    kms.revokeGrant(root, key, revoked.grantId());
    Thread.sleep(400);

    assertInvalid(revoked.grantToken());
    assertInvalid(expired.grantToken());
  }

  @Test
  void tokensTellNothingAboutOtherKeys() {
    String token = kms.createGrant(root, request(Operation.ENCRYPT)).grantToken();
    KeyId existing = fixture.symmetricKey();
    KeyId unknown = KeyId.parse("00000000-0000-4000-8000-000000000000");
    Caller presenting = batch.presenting(List.of(token));

    String atExisting =
        assertThrows(
                KmsException.InvalidGrantToken.class, () -> kms.describeKey(presenting, existing))
            .getMessage();
    String atUnknown =
        assertThrows(
                KmsException.InvalidGrantToken.class, () -> kms.describeKey(presenting, unknown))
            .getMessage();

    assertEquals(atExisting, atUnknown);
  }

  @Test
  void reEncryptTakesTokensOfBothKeys() {
    KeyId other = fixture.symmetricKey();
    byte[] blob = encrypt(root).ciphertextBlob();
    String from = kms.createGrant(root, request(Operation.RE_ENCRYPT_FROM)).grantToken();
    String to =
        kms.createGrant(
                root, CreateGrantRequest.of(other, batch.arn(), Set.of(Operation.RE_ENCRYPT_TO)))
            .grantToken();
    ReEncryptRequest request =
        new ReEncryptRequest(
            Optional.empty(),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY,
            other,
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY);

    ReEncryptResult result = kms.reEncrypt(batch.presenting(List.of(to, from)), blob, request);

    assertArrayEquals(
        new byte[] {1, 2},
        kms.decrypt(
                root,
                other,
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                result.ciphertextBlob(),
                EncryptionContext.EMPTY)
            .plaintext());
  }

  @Test
  void tokenMakesAnotherProcessLookAtOnce() {
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller otherRoot = other.authenticate(credentials.accessKeyId(), credentials.secret());
      NewAccessKey accessKey = other.iam().createAccessKey(otherRoot, "batch");
      Caller otherBatch = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      for (int i = 0; i < 20; i++) {
        assertThrows(
            KmsException.AccessDenied.class,
            () -> encrypt(other, otherBatch, EncryptionContext.EMPTY));
        CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));

        assertDoesNotThrow(
            () ->
                encrypt(
                    other,
                    otherBatch.presenting(List.of(made.grantToken())),
                    EncryptionContext.EMPTY));
        kms.revokeGrant(root, key, made.grantId());
        other.listGrants(otherRoot, key, GrantFilter.ALL, null, 10);
        awaitDenied(other, otherBatch);
      }
    }
  }

  private void awaitDenied(Kms at, Caller caller) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 10_000_000_000L) {
      try {
        encrypt(at, caller, EncryptionContext.EMPTY);
      } catch (KmsException.AccessDenied e) {
        return;
      }
    }
    throw new AssertionError("The revoked grant still lets in");
  }

  @Test
  void whatAGrantIsForMustFitTheKey() {
    KeyId signing =
        fixture.key(CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.SIGN_VERIFY));
    CreateGrantRequest sign = CreateGrantRequest.of(signing, batch.arn(), Set.of(Operation.SIGN));

    assertDoesNotThrow(() -> kms.createGrant(root, sign));
    assertInvalid(CreateGrantRequest.of(signing, batch.arn(), Set.of(Operation.ENCRYPT)));
    assertInvalid(sign.withConstraints(GrantConstraints.containing(TENANT_A)));
    assertInvalid(request(Operation.SIGN));
    assertInvalid(request(Operation.PUT_KEY_POLICY));
    assertInvalid(CreateGrantRequest.of(key, batch.arn(), Set.of()));
  }

  private void assertInvalid(CreateGrantRequest request) {
    assertThrows(KmsException.Validation.class, () -> kms.createGrant(root, request));
  }

  @Test
  void whatIsNotAGrantIsRefused() {
    CreateGrantRequest good = request(Operation.ENCRYPT);

    assertInvalid(good.withName("with space"));
    assertInvalid(good.withName("n".repeat(257)));
    assertInvalid(good.withMaxUses(0));
    assertInvalid(good.withExpirationDate(Instant.now().minusSeconds(1)));
    assertInvalid(
        good.withConstraints(new GrantConstraints(Optional.of(TENANT_A), Optional.of(TENANT_A))));
    assertInvalid(
        good.withConstraints(
            GrantConstraints.containing(EncryptionContext.of(Map.of("a", "x".repeat(385))))));
    assertInvalid(
        CreateGrantRequest.of(new Alias("alias/app"), batch.arn(), Set.of(Operation.ENCRYPT)));
    assertThrows(
        KmsException.InvalidArn.class,
        () ->
            kms.createGrant(
                root, CreateGrantRequest.of(key, "user/batch", Set.of(Operation.ENCRYPT))));
    assertThrows(
        KmsException.InvalidArn.class,
        () -> kms.createGrant(root, good.withRetiringPrincipal("*")));
  }

  @Test
  void disabledKeyTakesNoGrantsAndLosesThem() {
    String id = grant(request(Operation.ENCRYPT));
    kms.disableKey(root, key);

    assertThrows(
        KmsException.Disabled.class, () -> kms.createGrant(root, request(Operation.DECRYPT)));
    kms.revokeGrant(root, key, id);

    assertEquals(List.of(), list());
  }

  @Test
  void listsAreFilteredAndComeInPages() {
    for (int i = 0; i < 5; i++) {
      grant(request(Operation.ENCRYPT).withName("n" + i));
    }
    Caller other = fixture.user("other");
    String others = grant(CreateGrantRequest.of(key, other.arn(), Set.of(Operation.DESCRIBE_KEY)));

    Kms.Page<GrantListEntry> first = kms.listGrants(root, key, GrantFilter.ALL, null, 4);
    Kms.Page<GrantListEntry> second =
        kms.listGrants(root, key, GrantFilter.ALL, first.nextMarker().orElseThrow(), 4);

    assertEquals(4, first.items().size());
    assertEquals(2, second.items().size());
    assertTrue(second.nextMarker().isEmpty());
    assertEquals(others, only(new GrantFilter(Optional.empty(), Optional.of(other.arn()))));
    assertEquals(others, only(new GrantFilter(Optional.of(others), Optional.empty())));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.listGrants(batch, key, GrantFilter.ALL, null, 4));
  }

  private String only(GrantFilter filter) {
    List<GrantListEntry> found = kms.listGrants(root, key, filter, null, 100).items();
    assertEquals(1, found.size());
    return found.get(0).grantId();
  }
}
