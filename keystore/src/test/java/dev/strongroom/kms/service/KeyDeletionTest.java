// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The end of a key: what is scheduled, what can be cancelled, and what is left when it has come.
 */
class KeyDeletionTest extends DueScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final Duration WEEK = Duration.ofDays(7);

  KeyDeletionTest(@TempDir Path home) {
    super(home);
  }

  private byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, ALGORITHM, new byte[] {1}, NONE).ciphertextBlob();
  }

  private List<AuditRecord> receipts() {
    return kms.lookupEvents(
        root,
        AuditQuery.newest(100)
            .with(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, "DeleteKey")));
  }

  @Test
  void deletionIsDueAfterThirtyDaysUnlessSaidOtherwise() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);

    ScheduleKeyDeletionResult result =
        kms.scheduleKeyDeletion(root, ScheduleKeyDeletionRequest.of(key));

    KeyMetadata described = kms.describeKey(root, key);
    assertEquals(30, result.pendingWindowInDays());
    assertEquals(KeyState.PENDING_DELETION, described.state());
    assertEquals(Optional.of(result.deletionDate()), described.deletionDate());
    Duration window = Duration.between(time.instant(), result.deletionDate());
    assertTrue(window.compareTo(Duration.ofDays(30)) <= 0, window::toString);
    assertTrue(window.compareTo(Duration.ofDays(30).minusMinutes(5)) > 0, window::toString);
  }

  @Test
  void windowHasSevenToThirtyDays() {
    ScheduleKeyDeletionRequest request =
        ScheduleKeyDeletionRequest.of(key(CmkSpec.SYMMETRIC_DEFAULT));

    for (int days : new int[] {-1, 0, 6, 31}) {
      assertThrows(KmsException.Validation.class, () -> request.withPendingWindow(days));
    }
    assertThrows(KmsException.Validation.class, () -> request.withRequiredQuietDays(0));
  }

  @Test
  void cancelledDeletionLeavesTheKeyDisabledAndWhole() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    byte[] blob = encrypt(key);
    schedule(key);
    pass(Duration.ofDays(6));

    assertEquals(key, kms.cancelKeyDeletion(root, key).keyId());

    KeyMetadata kept = kms.describeKey(root, key);
    assertEquals(KeyState.DISABLED, kept.state());
    assertEquals(Optional.empty(), kept.deletionDate());
    pass(Duration.ofDays(30));
    kms.enableKey(root, key);
    assertEquals(1, kms.decrypt(root, null, ALGORITHM, blob, NONE).plaintext().length);
  }

  @Test
  void keyIsThereUntilItsDateAndGoneAfterIt() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    Alias alias = new Alias("alias/app");
    kms.createAlias(root, alias, key);
    kms.tagResource(root, key, Map.of("team", "blue"));
    byte[] blob = encrypt(key);
    schedule(key);

    pass(WEEK.minusHours(1));
    assertEquals(KeyState.PENDING_DELETION, kms.describeKey(root, alias).state());
    pass(Duration.ofHours(2));

    assertThrows(KmsException.NotFound.class, () -> kms.describeKey(root, key));
    assertThrows(KmsException.NotFound.class, () -> kms.describeKey(root, alias));
    assertThrows(KmsException.NotFound.class, () -> encrypt(key));
    assertThrows(KmsException.NotFound.class, () -> kms.decrypt(root, key, ALGORITHM, blob, NONE));
    assertThrows(
        KmsException.InvalidCiphertext.class, () -> kms.decrypt(root, null, ALGORITHM, blob, NONE));
    assertThrows(KmsException.NotFound.class, () -> kms.cancelKeyDeletion(root, key));
    assertEquals(List.of(), kms.listKeys(root, null, 10).items());
    assertEquals(List.of(), kms.listAliases(root, null, null, 10).items());
    kms.createAlias(root, alias, key(CmkSpec.SYMMETRIC_DEFAULT));
  }

  @Test
  void receiptNamesMaterialAndRows() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    String material = kms.describeKey(root, key).keyMaterialId();
    kms.createAlias(root, new Alias("alias/app"), key);
    schedule(key);
    pass(WEEK.plusHours(1));

    AuditRecord receipt = receipts().get(0);

    assertEquals(1, receipts().size());
    assertEquals(Optional.empty(), receipt.callerArn());
    assertTrue(receipt.keyArn().orElseThrow().endsWith(key.text()));
    assertEquals(material, receipt.parameters().get("keyMaterialIds"));
    assertEquals("4", receipt.parameters().get("rows"));
    String hashes = String.valueOf(receipt.parameters().get("rowHashes"));
    for (String table : List.of("cmk", "key_token", "key_policy", "alias")) {
      assertTrue(hashes.matches("(.* )?" + table + ":[0-9a-f]{64}( .*)?"), hashes);
    }
  }

  @Test
  void storeAgreesWithTheTrailAfterIt() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    schedule(key);
    pass(WEEK.plusHours(1));

    List<String> wrong = new ArrayList<>();
    for (Health.Finding finding : kms.deepHealth().findings()) {
      if (finding.severity().compareTo(Health.Severity.WARNING) >= 0) {
        wrong.add(finding.sentence());
      }
    }

    assertEquals(List.of(), wrong);
  }

  @Test
  void grantsGoWithTheirKey() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    String retiring = "arn:aws:iam::000000000000:user/retiring";
    CreateGrantRequest request =
        CreateGrantRequest.of(
            key, "arn:aws:iam::000000000000:user/batch", Set.of(Operation.DECRYPT));
    kms.createGrant(root, request.withMaxUses(5).withRetiringPrincipal(retiring));
    kms.createGrant(root, request.withRetiringPrincipal(retiring));
    schedule(key);
    assertEquals(2, kms.listRetirableGrants(root, retiring, null, 10).items().size());

    pass(WEEK.plusHours(1));

    assertEquals(List.of(), kms.listRetirableGrants(root, retiring, null, 10).items());
    assertEquals("5", receipts().get(0).parameters().get("rows"));
  }

  @Test
  void otherProcessForgetsTheKeyAndWipesItsSubkeys() throws InterruptedException {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    encrypt(key);
    schedule(key);
    assertEquals(1, kms.metrics().getSubkeys());

    for (int night = 0; night < 9; night++) {
      time.pass(Duration.ofHours(20));
      open().close();
    }

    Waits.millisUntil(() -> isGone(key));
    Waits.millisUntil(() -> kms.metrics().getSubkeys() == 0);
  }

  private boolean isGone(KeyId key) {
    try {
      kms.describeKey(root, key);
      return false;
    } catch (KmsException.NotFound e) {
      return true;
    }
  }

  @Test
  void oneOfSeveralProcessesDestroysAndAllKnow() throws Exception {
    List<KeyId> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      keys.add(key(CmkSpec.HMAC_256));
      schedule(keys.get(i));
    }
    pass(WEEK.minusHours(1));
    time.pass(Duration.ofHours(2));
    List<Thread> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(new Thread(() -> open().close()));
    }
    starts.forEach(Thread::start);
    for (Thread start : starts) {
      start.join();
    }

    Waits.millisUntil(() -> keys.stream().allMatch(this::isGone));
    Set<String> named = new TreeSet<>();
    receipts().forEach(receipt -> named.add(receipt.keyArn().orElseThrow()));
    assertEquals(20, named.size());
  }
}
