// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.audit.usage.MaterialUse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can keep a deletion from being scheduled, and from being done when its date has come. */
class KeyDeletionRulesTest extends DueScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;

  private final KeyId key;

  KeyDeletionRulesTest(@TempDir Path home) {
    super(home);
    key = key(CmkSpec.SYMMETRIC_DEFAULT);
  }

  private byte[] encrypt() {
    return kms.encrypt(root, key, ALGORITHM, new byte[] {1}, EncryptionContext.EMPTY)
        .ciphertextBlob();
  }

  private ScheduleKeyDeletionRequest request(int window) {
    return ScheduleKeyDeletionRequest.of(key).withPendingWindow(window);
  }

  private Caller user(String name) {
    kms.iam().createUser(root, name, null);
    NewAccessKey accessKey = kms.iam().createAccessKey(root, name);
    return kms.authenticate(accessKey.accessKeyId(), accessKey.secret());
  }

  @Test
  void conditionOnTheWindowDecides() {
    Caller alice = user("alice");
    kms.putKeyPolicy(
        root,
        key,
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:ScheduleKeyDeletion",
           "Resource": "*", "Condition": {"NumericGreaterThanEquals":
             {"kms:ScheduleKeyDeletionPendingWindowInDays": "14"}}}]}"""
            .formatted(alice.arn()));

    assertThrows(
        KmsException.AccessDenied.class, () -> kms.scheduleKeyDeletion(alice, request(13)));
    assertEquals(14, kms.scheduleKeyDeletion(alice, request(14)).pendingWindowInDays());
    assertThrows(KmsException.AccessDenied.class, () -> kms.cancelKeyDeletion(alice, key));
  }

  @Test
  void deletionWaitsForItsApprovals() throws Exception {
    Caller alice = user("alice");
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    kms.putApprovalRule(
        root,
        key,
        kms.approvalRule(
            root, 1, List.of(ApproverScene.elsewhere(alice, pair)), Set.of("ScheduleKeyDeletion")));
    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.scheduleKeyDeletion(root, request(7)));
    ApprovalRequest asked =
        kms.requestApproval(
            root, key, ApprovalProposal.scheduleKeyDeletion(14), Duration.ofHours(1));
    kms.approve(
        alice, asked.id(), SigningAlgorithm.ED25519_SHA_512, ApproverScene.signature(pair, asked));

    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.scheduleKeyDeletion(root, request(7)));
    kms.scheduleKeyDeletion(root, request(14));

    kms.cancelKeyDeletion(root, key);
    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.scheduleKeyDeletion(root, request(14)));
  }

  @Test
  void keyThatWasUsedWithinTheQuietPeriodIsKept() {
    encrypt();
    pass(Duration.ofDays(3));

    KmsException refused =
        assertThrows(
            KmsException.InvalidState.class,
            () -> kms.scheduleKeyDeletion(root, request(7).withRequiredQuietDays(4)));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("by " + root.arn() + " for Encrypt"), message);
    assertEquals(KeyState.ENABLED, kms.describeKey(root, key).state());
    kms.scheduleKeyDeletion(root, request(7).withRequiredQuietDays(2));
  }

  @Test
  void clockSetForwardMakesNoQuietPeriod() {
    encrypt();
    schedule(key);
    kms.cancelKeyDeletion(root, key);
    time.pass(Duration.ofDays(100));
    restart();

    assertThrows(
        KmsException.InvalidState.class,
        () -> kms.scheduleKeyDeletion(root, request(7).withRequiredQuietDays(30)));
  }

  @Test
  void keyThatWasNeverUsedIsQuiet() {
    assertDoesNotThrow(() -> kms.scheduleKeyDeletion(root, request(7).withRequiredQuietDays(3650)));
  }

  @Test
  void clockSetForwardDestroysNothingUntilItIsConfirmed() {
    schedule(key);
    time.pass(Duration.ofDays(40));
    restart();
    assertEquals(KeyState.PENDING_DELETION, kms.describeKey(root, key).state());
    assertTrue(
        kms.health().findings().stream()
            .anyMatch(finding -> finding.sentence().contains("confirm-clock")));

    kms.confirmClock(root);
    restart();

    assertThrows(KmsException.NotFound.class, () -> kms.describeKey(root, key));
  }

  @Test
  void onlyTheAccountOfTheKmsConfirmsItsClock() {
    Caller alice = user("alice");

    assertThrows(KmsException.AccessDenied.class, () -> kms.confirmClock(alice));
  }

  @Test
  void impactShowsWhatWouldGoAndWhoUsedIt() {
    kms.createAlias(root, new Alias("alias/app"), key);
    byte[] blob = encrypt();
    encrypt();
    kms.decrypt(root, key, ALGORITHM, blob, EncryptionContext.EMPTY);

    DeletionImpactResult impact = kms.deletionImpact(root, key);

    String material = kms.describeKey(root, key).keyMaterialId();
    assertEquals(List.of("alias/app"), impact.aliases());
    assertEquals("Decrypt", impact.lastUsage().lastUsage().orElseThrow().eventName());
    assertEquals(
        List.of("Decrypt 1", "Encrypt 2"),
        impact.usage().sums().stream().map(sum -> sum.operation() + " " + sum.calls()).toList());
    assertEquals(
        List.of(new MaterialUse(material, "Decrypt", 1), new MaterialUse(material, "Encrypt", 2)),
        impact.materials());
    assertEquals(Optional.empty(), impact.key().deletionDate());
  }
}
