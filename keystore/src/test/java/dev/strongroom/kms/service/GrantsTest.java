// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GrantsTest extends GrantScene {
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
  void grantEndsWhenItExpires() {
    grant(request(Operation.ENCRYPT).withExpirationDate(Instant.now().plus(Duration.ofSeconds(3))));
    assertDoesNotThrow(() -> encrypt(batch));

    awaitDenied(kms, batch);
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
