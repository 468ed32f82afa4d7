// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rule demands, and what approvals are good for. */
class ApprovalsTest extends KeyApprovalScene {
  ApprovalsTest(@TempDir Path home) throws GeneralSecurityException {
    super(home);
  }

  @Test
  void nothingThatTheRuleCoversIsDoneWithoutApprovals() {
    KmsException refused =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));

    assertEquals(
        kms.describeKey(root, key).arn()
            + " demands 2 of 3 approvals for DisableKey, and 2 are missing, of "
            + String.join(", ", alice.arn(), bob.arn(), carol.arn())
            + ". Ask for exactly this with 'kms request-approval --key-id "
            + key
            + " --operation DisableKey'.",
        refused.getMessage());
    assertEquals(KeyState.ENABLED, kms.describeKey(root, key).state());
    kms.updateKeyDescription(root, key, "not covered");
  }

  @Test
  void approvedCallIsDoneOnce() throws Exception {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    KmsException oneMissing =
        assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    approveAsCarol(id);

    kms.disableKey(root, key);

    assertTrue(
        String.valueOf(oneMissing.getMessage())
            .contains(
                "1 is missing, of " + bob.arn() + ", " + carol.arn() + ". They approve with"));
    assertEquals(KeyState.DISABLED, kms.describeKey(root, key).state());
    kms.enableKey(root, key);
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    assertThrows(KmsException.InvalidState.class, () -> kms.approve(bob, id));
    assertTrue(kms.describeApprovalRequest(root, id).used().isPresent());
  }

  @Test
  void approvalIsOfExactlyThatPolicy() {
    String wanted = policy(alice, "kms:Decrypt");
    ApprovalRequest request = ask(ApprovalProposal.putKeyPolicy(wanted));
    kms.approve(alice, request.id());
    kms.approve(bob, request.id());

    assertThrows(
        KmsException.ApprovalRequired.class,
        () -> kms.putKeyPolicy(root, key, policy(bob, "kms:Decrypt")));
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
    kms.putKeyPolicy(root, key, wanted);

    assertEquals(wanted, kms.getKeyPolicy(root, key));
    assertEquals(wanted, kms.describeApprovalRequest(alice, request.id()).proposal().document());
  }

  @Test
  void approvalsOfOneKeyAreNoGoodForAnother() {
    KeyId other = fixture.symmetricKey();
    kms.putApprovalRule(root, other, rule);
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, other));
  }

  @Test
  void ruleIsChangedAndRemovedOnlyWithTheApprovalsThatItDemands() {
    ApprovalRule weaker = new ApprovalRule(1, rule.approvers(), rule.operations());
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.putApprovalRule(root, key, weaker));
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.deleteApprovalRule(root, key));
    UUID id = ask(ApprovalProposal.putApprovalRule(weaker)).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    kms.putApprovalRule(root, key, weaker);

    assertEquals(Optional.of(weaker), kms.getApprovalRule(root, key));
    UUID removal = ask(ApprovalProposal.deleteApprovalRule()).id();
    kms.approve(bob, removal);
    kms.deleteApprovalRule(root, key);
    assertEquals(Optional.empty(), kms.getApprovalRule(root, key));
    kms.disableKey(root, key);
  }

  @Test
  void approvalsNeedThePolicyToo() {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    assertThrows(KmsException.AccessDenied.class, () -> kms.disableKey(alice, key));
    kms.disableKey(root, key);
  }

  @Test
  void requestsThatMakeNoSenseAreRefused() {
    String lockout = policy(alice, "kms:Sign").replace("\"kms:*\"", "\"kms:Encrypt\"");
    assertThrows(
        KmsException.MalformedPolicyDocument.class,
        () -> ask(ApprovalProposal.putKeyPolicy(lockout)));
    assertThrows(
        KmsException.Validation.class, () -> ask(ApprovalProposal.of("EnableKey", Map.of())));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.requestApproval(root, key, ApprovalProposal.disableKey(), Duration.ofDays(31)));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.requestApproval(alice, key, ApprovalProposal.disableKey(), HOUR));
    assertThrows(
        KmsException.Validation.class,
        () ->
            kms.approvalRule(root, 3, List.of(elsewhere(carol, keyOfCarol)), Set.of("DisableKey")));
  }

  @Test
  void requestThatIsTooLongIsRefusedAndStopsNothing() {
    String longest = "x".repeat(1 << 20);
    Approver anybody = rule.approvers().get(2);

    assertThrows(
        KmsException.Validation.class,
        () -> ask(ApprovalProposal.of("DisableKey", Map.of("note", longest))));
    assertThrows(
        KmsException.Validation.class,
        () ->
            kms.approvalRule(
                root,
                1,
                List.of(ApproverKey.elsewhere(longest, anybody.publicKeyBytes())),
                Set.of("DisableKey")));

    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);
    kms.disableKey(root, key);
  }

  @Test
  void changeThatFailsLeavesItsApprovalsGood() {
    KeyId other = fixture.symmetricKey();
    kms.putKeyPolicy(root, other, policy(alice, "kms:*"));
    kms.putApprovalRule(root, other, rule);
    String withoutRoot = policy(alice, "kms:*").replace("\"000000000000\"", "\"%s\"");
    String wanted = withoutRoot.formatted(alice.arn());
    ApprovalProposal proposal = ApprovalProposal.putKeyPolicy(wanted);
    UUID id = kms.requestApproval(alice, other, proposal, HOUR).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    assertThrows(
        KmsException.MalformedPolicyDocument.class, () -> kms.putKeyPolicy(root, other, wanted));
    assertTrue(kms.describeApprovalRequest(alice, id).used().isEmpty());
    kms.putKeyPolicy(alice, other, wanted);

    assertTrue(kms.describeApprovalRequest(alice, id).used().isPresent());
    assertThrows(KmsException.ApprovalRequired.class, () -> kms.putKeyPolicy(alice, other, wanted));
  }

  @Test
  void allOfItIsOnRecord() {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);
    kms.disableKey(root, key);

    List<AuditRecord> records = kms.lookupEvents(root, AuditQuery.newest(7));

    assertEquals(
        List.of(
            "RequestApproval", "Sign", "ApproveRequest", "Sign", "ApproveRequest", "DisableKey"),
        records.stream()
            .map(AuditRecord::eventName)
            .filter(n -> !n.equals("LookupEvents"))
            .toList());
    String decidedBy = records.get(5).decidedBy().orElseThrow();
    assertTrue(
        decidedBy.endsWith("; request " + id + " approved by " + alice.arn() + ", " + bob.arn()),
        decidedBy);
  }

  @Test
  void ruleIsInForceInOtherProcessesToo() {
    try (Kms other = fixture.secondProcess().get()) {
      assertThrows(KmsException.ApprovalRequired.class, () -> other.disableKey(rootOf(other), key));
    }
  }

  /** Mostly this process has not heard of the rule yet when it is asked for the grant. */
  @Test
  void noGrantIsMadeOnceAnotherProcessHasPutARule() {
    ApprovalRule guarding = new ApprovalRule(2, rule.approvers(), Set.of("CreateGrant"));
    try (Kms other = fixture.secondProcess().get()) {
      Caller there = rootOf(other);
      for (int i = 0; i < 20; i++) {
        KeyId open = fixture.symmetricKey();
        kms.describeKey(root, open);
        other.putApprovalRule(there, open, guarding);
        KmsException refused =
            assertThrows(
                KmsException.class,
                () ->
                    kms.createGrant(
                        root, CreateGrantRequest.of(open, bob.arn(), Set.of(Operation.DECRYPT))));

        assertTrue(
            refused instanceof KmsException.Conflict
                || refused instanceof KmsException.ApprovalRequired,
            refused::toString);
      }
    }
  }

  private Caller rootOf(Kms other) {
    try (Credentials credentials = fixture.config().credentials().orElseThrow()) {
      return other.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }
}
