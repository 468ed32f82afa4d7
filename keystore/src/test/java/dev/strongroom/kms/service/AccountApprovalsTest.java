// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rule of an account, which holds for all its keys. */
class AccountApprovalsTest extends ApproverScene {
  private final KeyPair keyOfBob;
  private final ApprovalRule rule;

  AccountApprovalsTest(@TempDir Path home) throws GeneralSecurityException {
    super(home);
    keyOfBob = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    rule =
        kms.approvalRule(
            root,
            2,
            List.of(ApproverKey.of(alice.arn(), signingKey(alice)), elsewhere(bob, keyOfBob)),
            new HashSet<>(ApprovalRule.GUARDED));
    kms.putAccountApprovalRule(root, rule);
  }

  @Test
  void ruleHoldsForKeysThatThereAreAndForThoseMadeLater() throws Exception {
    KeyId later = fixture.symmetricKey();

    KmsException refused =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, later));

    assertEquals(
        "account 000000000000 demands 2 of 2 approvals for DisableKey, and 2 are missing, of "
            + String.join(", ", alice.arn(), bob.arn())
            + ". Ask for exactly this with 'kms request-approval --key-id "
            + key
            + " --operation DisableKey'.",
        refused.getMessage());
    UUID id = ask(later, ApprovalProposal.disableKey());
    kms.approve(alice, id);
    approve(bob, keyOfBob, id);
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    kms.disableKey(root, later);
    kms.enableKey(root, later);
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, later));
  }

  @Test
  void ruleOfTheKeyHoldsBesides() throws Exception {
    Caller carol = fixture.user("carol");
    KeyPair keyOfCarol = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    ApprovalRule ofKey =
        kms.approvalRule(root, 1, List.of(elsewhere(carol, keyOfCarol)), Set.of("DisableKey"));
    UUID put = ask(key, ApprovalProposal.putApprovalRule(ofKey));
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.putApprovalRule(root, key, ofKey));
    approveAll(put);
    kms.putApprovalRule(root, key, ofKey);

    UUID id = ask(key, ApprovalProposal.disableKey());
    approveAll(id);
    KmsException ofKeyMissing =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    approve(carol, keyOfCarol, id);
    kms.disableKey(root, key);

    String message = String.valueOf(ofKeyMissing.getMessage());
    assertTrue(message.startsWith(kms.describeKey(root, key).arn() + " demands 1 of 1"), message);
    assertFalse(message.contains("account"), message);
    kms.enableKey(root, key);
    UUID other = ask(key, ApprovalProposal.disableKey());
    approve(carol, keyOfCarol, other);
    KmsException ofAccountMissing =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    assertTrue(String.valueOf(ofAccountMissing.getMessage()).startsWith("account 000000000000"));
  }

  @Test
  void approverWithTwoKeysApprovesUnderBothRules() throws Exception {
    ApprovalRule ofKey =
        kms.approvalRule(
            root, 1, List.of(ApproverKey.of(alice.arn(), signingKey(alice))), Set.of("DisableKey"));
    approveAll(ask(key, ApprovalProposal.putApprovalRule(ofKey)));
    kms.putApprovalRule(root, key, ofKey);
    UUID id = ask(key, ApprovalProposal.disableKey());

    kms.approve(alice, id);
    kms.approve(alice, id);
    approve(bob, keyOfBob, id);

    assertEquals(3, kms.describeApprovalRequest(root, id).approvals().size());
    kms.disableKey(root, key);
  }

  @Test
  void ruleItselfIsChangedAndRemovedOnlyWithTheApprovalsThatItDemands() throws Exception {
    ApprovalRule weaker = new ApprovalRule(1, rule.approvers(), Set.of("DisableKey"));
    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.putAccountApprovalRule(root, weaker));
    KmsException refused =
        assertThrows(
            KmsException.ApprovalRequired.class, () -> kms.deleteAccountApprovalRule(root));
    assertTrue(
        String.valueOf(refused.getMessage())
            .endsWith("'kms request-approval --operation DeleteAccountApprovalRule'."));

    ApprovalRequest request =
        kms.requestAccountApproval(root, ApprovalProposal.putAccountApprovalRule(weaker), HOUR);
    assertTrue(request.statementText().contains("\naccount 000000000000\noperation kms:Put"));
    approveAll(request.id());
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.deleteAccountApprovalRule(root));
    kms.putAccountApprovalRule(root, weaker);

    assertEquals(Optional.of(weaker), kms.getAccountApprovalRule(root));
    assertThrows(KmsException.InvalidState.class, () -> kms.approve(alice, request.id()));
    UUID removal =
        kms.requestAccountApproval(root, ApprovalProposal.deleteAccountApprovalRule(), HOUR).id();
    kms.approve(alice, removal);
    kms.deleteAccountApprovalRule(root);
    assertEquals(Optional.empty(), kms.getAccountApprovalRule(root));
    kms.disableKey(root, key);
  }

  @Test
  void tagsAreGuardedSinceTheyDecide() throws Exception {
    Map<String, String> tags = Map.of("team", "blue");
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.tagResource(root, key, tags));
    approveAll(ask(key, GuardedCalls.tagResource(tags)));

    assertThrows(
        KmsException.ApprovalRequired.class,
        () -> kms.tagResource(root, key, Map.of("team", "red")));
    kms.tagResource(root, key, tags);
    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.untagResource(root, key, Set.of("team")));
    approveAll(ask(key, GuardedCalls.untagResource(Set.of("team"))));
    kms.untagResource(root, key, Set.of("team"));
  }

  @Test
  void grantIsMadeOnceIfExactlyThatWasApproved() throws Exception {
    CreateGrantRequest wanted =
        CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.DECRYPT))
            .withConstraints(
                GrantConstraints.containing(EncryptionContext.of(Map.of("tenant", "a, b"))))
            .withMaxUses(3);
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.createGrant(root, wanted));
    UUID id = ask(key, GuardedCalls.createGrant(wanted));
    approveAll(id);

    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.createGrant(root, wanted.withMaxUses(4)));
    assertThrows(
        KmsException.ApprovalRequired.class,
        () -> kms.createGrant(root, CreateGrantRequest.of(key, bob.arn(), wanted.operations())));
    String grant = kms.createGrant(root, wanted).grantId();

    assertTrue(kms.describeApprovalRequest(root, id).used().isPresent());
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.createGrant(root, wanted));
    kms.revokeGrant(root, key, grant);
  }

  @Test
  void grantThatFailsLeavesItsApprovalsGood() throws Exception {
    CreateGrantRequest unfit = CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.SIGN));
    UUID id = ask(key, GuardedCalls.createGrant(unfit));
    approveAll(id);

    assertThrows(KmsException.Validation.class, () -> kms.createGrant(root, unfit));

    assertTrue(kms.describeApprovalRequest(root, id).used().isEmpty());
  }

  @Test
  void requestsNameAKeyOrNoneAsTheirOperationDoes() {
    ApprovalProposal ofAccount = ApprovalProposal.deleteAccountApprovalRule();
    assertThrows(
        KmsException.Validation.class, () -> kms.requestApproval(root, key, ofAccount, HOUR));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.requestAccountApproval(root, ApprovalProposal.disableKey(), HOUR));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.requestAccountApproval(alice, ofAccount, HOUR));
  }

  @Test
  void onlyWhatThereIsCanBeGuarded() {
    assertThrows(
        KmsException.Validation.class,
        () ->
            kms.approvalRule(
                root, 1, List.of(elsewhere(bob, keyOfBob)), Set.of("DisableKey", "Restore")));
    for (String name : ApprovalRule.GUARDED) {
      assertTrue(Operation.find(name).isPresent(), name);
    }
  }

  @Test
  void explanationNamesTheRule() {
    String onKey =
        kms.explain(root, ExplainRequest.of(root.arn(), Operation.DISABLE_KEY, key)).toString();
    String inAccount =
        kms.explain(
                root, ExplainRequest.inAccount(root.arn(), Operation.DELETE_ACCOUNT_APPROVAL_RULE))
            .toString();

    assertTrue(
        onKey.contains("account 000000000000 demands 2 of 2 approvals for DisableKey"), onKey);
    assertTrue(
        inAccount.contains("demands 2 of 2 approvals for DeleteAccountApprovalRule"), inAccount);
  }

  @Test
  void changesOfTheRuleAndWhoApprovedAreOnRecord() throws Exception {
    UUID id =
        kms.requestAccountApproval(root, ApprovalProposal.deleteAccountApprovalRule(), HOUR).id();
    approveAll(id);
    kms.deleteAccountApprovalRule(root);

    String records = kms.lookupEvents(root, AuditQuery.newest(20)).toString();
    for (String event :
        List.of("PutAccountApprovalRule", "RequestAccountApproval", "DeleteAccountApprovalRule")) {
      assertTrue(records.contains(event), event + " in " + records);
    }
    assertTrue(
        records.contains("; request " + id + " approved by " + alice.arn() + ", " + bob.arn()),
        records);
  }

  @Test
  void ruleIsInForceInOtherProcessesToo() {
    try (Kms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller there = other.authenticate(credentials.accessKeyId(), credentials.secret());
      assertThrows(KmsException.ApprovalRequired.class, () -> other.disableKey(there, key));
      assertThrows(
          KmsException.ApprovalRequired.class, () -> other.deleteAccountApprovalRule(there));
    }
  }

  @Test
  void otherAccountsHaveRulesOfTheirOwnAndDoNotSeeThisOne() {
    NewAccessKey access = kms.organizations().createAccount(root, "tests").rootAccessKey();
    Caller theirs = kms.authenticate(access.accessKeyId(), access.secret());
    UUID id =
        kms.requestAccountApproval(root, ApprovalProposal.deleteAccountApprovalRule(), HOUR).id();

    assertEquals(Optional.empty(), kms.getAccountApprovalRule(theirs));
    KeyId ofTheirs = kms.createKey(theirs, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    kms.disableKey(theirs, ofTheirs);
    assertThrows(KmsException.NotFound.class, () -> kms.describeApprovalRequest(theirs, id));
    assertThrows(KmsException.AccessDenied.class, () -> kms.approve(theirs, id));
    assertEquals(Optional.of(rule), kms.getAccountApprovalRule(root));
  }

  @Test
  void requestOfAnAccountIsShownToWhomItsPoliciesOrTheRuleLet() {
    UUID id =
        kms.requestAccountApproval(root, ApprovalProposal.deleteAccountApprovalRule(), HOUR).id();
    Caller carol = fixture.user("carol");

    assertEquals(id, kms.describeApprovalRequest(root, id).id());
    assertEquals(id, kms.describeApprovalRequest(bob, id).id());
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeApprovalRequest(carol, id));
    String denial =
        """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Deny", "Action": "kms:*ApprovalRequest", "Resource": "*"}}""";
    kms.iam().putPolicy(root, IamKind.USER, "bob", "not", denial);
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeApprovalRequest(bob, id));
  }

  @Test
  void whetherThereIsARequestOfAnAccountIsNotToldToWhomItIsNotShown() {
    UUID id =
        kms.requestAccountApproval(root, ApprovalProposal.deleteAccountApprovalRule(), HOUR).id();
    Caller carol = fixture.user("carol");

    assertEquals(refusalOf(carol, UUID.randomUUID()), refusalOf(carol, id));
  }

  /** Returns the words but for the id by which administrators find the refusal. */
  private String refusalOf(Caller caller, UUID request) {
    KmsException refused =
        assertThrows(
            KmsException.AccessDenied.class, () -> kms.describeApprovalRequest(caller, request));
    return String.valueOf(refused.getMessage()).replaceAll("--request-id [-0-9a-f]{36}", "");
  }

  @Test
  void callersOfOtherAccountsNeedApprovalsTooAndAreNotToldWhoGivesThem() throws Exception {
    NewAccessKey access = kms.organizations().createAccount(root, "tests").rootAccessKey();
    Caller theirs = kms.authenticate(access.accessKeyId(), access.secret());
    KeyId open =
        fixture.key(
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)
                .withPolicy(
                    """
                    {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Allow", "Principal": {"AWS": ["000000000000", "%s"]},
                       "Action": "kms:*", "Resource": "*"}]}\
                    """
                        .formatted(theirs.accountId())));
    CreateGrantRequest wanted =
        CreateGrantRequest.of(
            kms.describeKey(root, open).arn(), theirs.arn(), Set.of(Operation.DECRYPT));
    UUID id = ask(open, GuardedCalls.createGrant(wanted));
    kms.approve(alice, id);

    KmsException refused =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.createGrant(theirs, wanted));
    approve(bob, keyOfBob, id);
    kms.createGrant(theirs, wanted);

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("--key-id " + open + " --operation CreateGrant"), message);
    for (String secret : List.of(alice.arn(), bob.arn(), id.toString(), "2 of 2")) {
      assertFalse(message.contains(secret), message);
    }
  }

  @Test
  void requestsOfOneKeyDoNotFillTheStore() {
    for (int i = 0; i < 50; i++) {
      ask(key, ApprovalProposal.disableKey());
    }

    KmsException refused =
        assertThrows(
            KmsException.LimitExceeded.class, () -> ask(key, ApprovalProposal.disableKey()));

    assertTrue(String.valueOf(refused.getMessage()).contains("wait until some have expired"));
    ask(fixture.symmetricKey(), ApprovalProposal.disableKey());
  }

  private UUID ask(KeyId about, ApprovalProposal proposal) {
    return kms.requestApproval(root, about, proposal, HOUR).id();
  }

  private void approveAll(UUID id) throws Exception {
    kms.approve(alice, id);
    approve(bob, keyOfBob, id);
  }
}
