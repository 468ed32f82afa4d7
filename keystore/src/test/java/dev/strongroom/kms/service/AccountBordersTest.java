// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody learns of another account who tries. */
class AccountBordersTest {
  private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}";

  private KmsFixture fixture;
  private Kms kms;
  private Iam iam;
  private Caller ours;
  private KeyArn key;

  /** The root of another account, and a user there who may do everything in it. */
  private Caller theirs;

  private Caller bob;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    iam = kms.iam();
    ours = fixture.root();
    key = kms.createKey(ours, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).arn();
    NewAccessKey root = kms.organizations().createAccount(ours, "tests").rootAccessKey();
    theirs = kms.authenticate(root.accessKeyId(), root.secret());
    iam.createUser(theirs, "bob", null);
    iam.putPolicy(theirs, IamKind.USER, "bob", "name-of-theirs", statement("\"Action\": \"*\""));
    NewAccessKey access = iam.createAccessKey(theirs, "bob");
    bob = kms.authenticate(access.accessKeyId(), access.secret());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String statement(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", %s, "Resource": "*"}}"""
        .formatted(action);
  }

  private void letBobEncrypt() {
    String policy = kms.getKeyPolicy(ours, key);
    int at = policy.indexOf('[') + 1;
    String statement =
        """
        {"Sid": "SidOfOurs", "Effect": "Allow", "Principal": {"AWS": "%s"},
         "Action": "kms:Encrypt", "Resource": "*"},"""
            .formatted(bob.arn());
    kms.putKeyPolicy(ours, key, policy.substring(0, at) + statement + policy.substring(at));
  }

  private byte[] encrypt(Caller caller) {
    return kms.encrypt(
            caller,
            key,
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            new byte[] {1},
            EncryptionContext.EMPTY)
        .ciphertextBlob();
  }

  private static String refusal(Runnable call) {
    return String.valueOf(assertThrows(KmsException.class, call::run).getMessage())
        .replaceAll(ID, "<id>");
  }

  private AuditRecord last(Caller viewer, String event) {
    return kms.lookupEvents(viewer, AuditQuery.newest(1000)).stream()
        .filter(record -> record.eventName().equals(event))
        .reduce((one, other) -> one.eventTime().isAfter(other.eventTime()) ? one : other)
        .orElseThrow();
  }

  @Test
  void explainShowsNoRoleOfAnotherAccountWhateverItsSessionIsCalled() {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}"""
            .formatted(ours.accountId());
    iam.createRole(ours, "admin", new Iam.CreateRoleRequest(trust, null, null, null));
    iam.putPolicy(ours, IamKind.ROLE, "admin", "name-of-ours", statement("\"Action\": \"kms:*\""));
    String session =
        "arn:aws:sts::%s:assumed-role/%s/x::%s:"
            .formatted(ours.accountId(), "admin", theirs.accountId());

    String known =
        refusal(() -> kms.explain(theirs, ExplainRequest.inAccount(session, Operation.LIST_KEYS)));
    String unknown =
        refusal(
            () ->
                kms.explain(
                    theirs,
                    ExplainRequest.inAccount(
                        session.replace("admin", "absent"), Operation.LIST_KEYS)));
    assertEquals(unknown.replace("absent", "admin"), known);
  }

  @Test
  void recordsShowTheOwnerOfAKeyNoPolicyOfTheAccountThatUsesIt() {
    letBobEncrypt();
    encrypt(bob);

    AuditRecord record = last(ours, "Encrypt");
    assertEquals(bob.arn(), record.callerArn().orElseThrow());
    assertEquals("key policy, statement 1 \"SidOfOurs\"", record.decidedBy().orElseThrow());
    assertTrue(last(theirs, "Encrypt").decidedBy().isEmpty());
  }

  @Test
  void refusedAssumeRoleTellsNothingOfARoleOfAnotherAccount() {
    String denial =
        """
        {"Version": "2012-10-17", "Statement": {"Sid": "SidOfOurs", "Effect": "Deny",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}"""
            .formatted(theirs.accountId());
    iam.createRole(ours, "guests", new Iam.CreateRoleRequest(denial, null, null, null));
    String role = IamKind.ROLE.arn(ours.accountId(), "guests");

    assertThrows(
        AccessDenied.class,
        () -> kms.sts().assumeRole(bob, Sts.AssumeRoleRequest.of(role, "session")));
    AuditRecord record = last(theirs, "AssumeRole");
    assertTrue(record.decidedBy().isEmpty(), record::toString);
  }

  @Test
  void requestForApprovalsOfAnotherAccountIsLikeNone() {
    KeyArn signing =
        kms.createKey(
                ours, CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.SIGN_VERIFY))
            .arn();
    kms.putApprovalRule(
        ours,
        key,
        kms.approvalRule(
            ours, 1, List.of(ApproverKey.of(ours.arn(), signing)), Set.of("DisableKey")));
    UUID request =
        kms.requestApproval(ours, key, ApprovalProposal.disableKey(), Duration.ofHours(1)).id();

    for (Caller caller : List.of(theirs, bob)) {
      assertEquals(
          refusal(() -> kms.describeApprovalRequest(caller, UUID.randomUUID())),
          refusal(() -> kms.describeApprovalRequest(caller, request)));
      assertFalse(last(theirs, "DescribeApprovalRequest").toString().contains(key.text()));
    }
  }

  @Test
  void grantsOfAnotherAccountsKeyAreLikeNone() {
    String grant =
        kms.createGrant(ours, CreateGrantRequest.of(key, ours.arn(), Set.of(Operation.ENCRYPT)))
            .grantId();
    String none = grant.replaceAll("[0-7]", "8");

    assertEquals(
        refusal(() -> kms.retireGrant(theirs, key, none)),
        refusal(() -> kms.retireGrant(theirs, key, grant)));
    assertEquals(
        refusal(() -> kms.retireGrant(theirs, key.keyId(), none)).replace(none, grant),
        refusal(() -> kms.retireGrant(theirs, key.keyId(), grant)));
  }

  @Test
  void refusalOfAnUsedUpGrantIsNoRecordOfTheKeysOwner() {
    kms.createGrant(
        ours, CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT)).withMaxUses(1));
    encrypt(bob);

    assertThrows(AccessDenied.class, () -> encrypt(bob));
    assertTrue(last(theirs, "Encrypt").errorCode().isPresent());
    AuditRecord seen = last(ours, "Encrypt");
    assertTrue(seen.errorCode().isEmpty(), seen::toString);
  }

  @Test
  void refusedReEncryptDoesNotTellWhichKeyAnAliasOfAnotherAccountNames() {
    kms.createAlias(ours, new Alias("alias/app"), key);
    byte[] blob = encrypt(ours);

    String right = recordedSameKey(blob, "alias/app");
    assertEquals(recordedSameKey(blob, "alias/none"), right);
  }

  private String recordedSameKey(byte[] blob, String alias) {
    ReEncryptRequest request =
        new ReEncryptRequest(
            Optional.empty(),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY,
            new AliasArn(key.place(), new Alias(alias)),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY);
    assertThrows(AccessDenied.class, () -> kms.reEncrypt(bob, blob, request));
    return last(theirs, "ReEncrypt")
        .parameters()
        .getOrDefault("kms:ReEncryptOnSameKey", "not recorded");
  }
}
