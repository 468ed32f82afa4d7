// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who approves, with what, and what is shown to whom. */
class ApproversTest extends KeyApprovalScene {
  ApproversTest(@TempDir Path home) throws GeneralSecurityException {
    super(home);
  }

  @Test
  void oneApproverIsOneHoweverOftenItApproves() {
    UUID id = ask(ApprovalProposal.disableKey()).id();

    kms.approve(alice, id);
    kms.approve(alice, id);

    assertThrows(KmsException.ApprovalRequired.class, () -> kms.disableKey(root, key));
  }

  @Test
  void onlyThoseNamedApproveAndOnlyWithTheirKeys() throws Exception {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    ApprovalRequest other = ask(ApprovalProposal.disableKey());
    byte[] ofOther = signature(keyOfCarol, other);

    assertThrows(KmsException.AccessDenied.class, () -> kms.approve(root, id));
    assertThrows(KmsException.AccessDenied.class, () -> kms.approve(alice, UUID.randomUUID()));
    assertThrows(KmsException.Validation.class, () -> kms.approve(carol, id));
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.approve(carol, id, SigningAlgorithm.ED25519_SHA_512, ofOther));
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.approve(alice, id, SigningAlgorithm.ED25519_SHA_512, ofOther));
    assertEquals(List.of(), kms.describeApprovalRequest(root, id).approvals());
  }

  @Test
  void approverWithoutSignOnItsKeyDoesNotApprove() {
    KeyId keyOfAlice = rule.approver(alice.arn()).orElseThrow().keyId().orElseThrow();
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.putKeyPolicy(root, keyOfAlice, policy(bob, "kms:Sign"));

    assertThrows(KmsException.AccessDenied.class, () -> kms.approve(alice, id));
  }

  @Test
  void approversAreShownWhatTheyApprove() {
    String benign = policy(alice, "kms:Decrypt");
    ApprovalProposal evil = ApprovalProposal.putKeyPolicy(policy(bob, "kms:Decrypt"));
    ApprovalProposal weaker =
        ApprovalProposal.putApprovalRule(new ApprovalRule(1, rule.approvers(), rule.operations()));

    for (ApprovalProposal hidden :
        List.of(
            showing(evil, benign),
            showing(weaker, rule.toJson()),
            showing(weaker, "{\"approvers\": [null]}"),
            showing(ApprovalProposal.disableKey(), "Nothing of importance."))) {
      assertThrows(KmsException.Validation.class, () -> ask(hidden));
    }
    assertEquals(evil, ask(evil).proposal());
    assertEquals(weaker, ask(weaker).proposal());
  }

  private static ApprovalProposal showing(ApprovalProposal proposal, String document) {
    return new ApprovalProposal(proposal.operation(), proposal.parameters(), document);
  }

  @Test
  void rulesThatWereMadeByHandHaveTheKeysThatTheySay() {
    Approver known = rule.approver(carol.arn()).orElseThrow();
    Approver ofAlice = rule.approver(alice.arn()).orElseThrow();
    KeyId other = fixture.symmetricKey();

    for (Approver forged :
        List.of(
            new Approver(bob.arn(), Optional.empty(), known.spec(), lengthInTwoBytes(known)),
            new Approver(bob.arn(), Optional.empty(), CmkSpec.RSA_2048, ofAlice.publicKey()),
            new Approver(bob.arn(), Optional.empty(), known.spec(), "no base64"),
            new Approver(alice.arn(), ofAlice.keyId(), known.spec(), known.publicKey()))) {
      ApprovalRule byHand = new ApprovalRule(1, List.of(forged), rule.operations());
      assertThrows(KmsException.Validation.class, () -> kms.putApprovalRule(root, other, byHand));
      assertThrows(
          KmsException.Validation.class, () -> ask(ApprovalProposal.putApprovalRule(byHand)));
    }
    kms.putApprovalRule(root, other, new ApprovalRule(1, List.of(known), rule.operations()));
  }

  /** Returns the same key as BER has it and DER has not. */
  private static String lengthInTwoBytes(Approver approver) {
    byte[] der = approver.publicKeyBytes();
    ByteBuffer ber = ByteBuffer.allocate(der.length + 1).put(der[0]).put((byte) 0x81);
    return Base64.getEncoder().encodeToString(ber.put(der, 1, der.length - 1).array());
  }

  /** The rule names the session; what limits a session limits what it approves. */
  @Test
  void sessionPolicyLimitsWhatASessionApproves() throws Exception {
    kms.iam()
        .createRole(root, "approvers", new Iam.CreateRoleRequest(trust(alice), null, null, null));
    Caller narrow = session(allow("kms:DescribeApprovalRequest"));
    ApprovalRule ofSession =
        kms.approvalRule(
            root,
            1,
            List.of(ApproverKey.elsewhere(narrow.arn(), keyOfCarol.getPublic().getEncoded())),
            Set.of("DisableKey"));
    KeyId other = fixture.symmetricKey();
    kms.putApprovalRule(root, other, ofSession);
    ApprovalRequest request = kms.requestApproval(root, other, ApprovalProposal.disableKey(), HOUR);
    byte[] signature = signature(keyOfCarol, request);

    assertEquals(request, kms.describeApprovalRequest(narrow, request.id()));
    assertMayNotApprove(narrow, request, signature);
    Caller blind = session(allow("kms:ApproveRequest"));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.describeApprovalRequest(blind, request.id()));
    approve(blind, request, signature);

    String limits = kms.iam().createPolicy(root, "limits", allow("kms:Sign"), "").arn();
    Caller whole = session(null);
    approve(whole, request, signature);
    kms.iam().putPermissionsBoundary(root, IamKind.ROLE, "approvers", limits);
    assertMayNotApprove(whole, request, signature);
    kms.iam().deletePermissionsBoundary(root, IamKind.ROLE, "approvers");
    String denial = allow("kms:ApproveRequest").replace("\"Allow\"", "\"Deny\"");
    kms.iam().putPolicy(root, IamKind.ROLE, "approvers", "not", denial);
    assertMayNotApprove(whole, request, signature);
  }

  /** In the words in which somebody is refused whom the rule does not name. */
  private void assertMayNotApprove(Caller session, ApprovalRequest request, byte[] signature) {
    assertEquals(
        refusal(alice, request, signature).replace(alice.arn(), session.arn()),
        refusal(session, request, signature));
  }

  private String refusal(Caller caller, ApprovalRequest request, byte[] signature) {
    KmsException refused =
        assertThrows(KmsException.AccessDenied.class, () -> approve(caller, request, signature));
    return String.valueOf(refused.getMessage()).replaceAll("--request-id .*", "");
  }

  private void approve(Caller caller, ApprovalRequest request, byte[] signature) {
    kms.approve(caller, request.id(), SigningAlgorithm.ED25519_SHA_512, signature);
  }

  private Caller session(@Nullable String policy) {
    Sts.AssumeRoleRequest wanted =
        new Sts.AssumeRoleRequest(
            "arn:aws:iam::000000000000:role/approvers", "four-eyes", null, policy, List.of(), null);
    try (Credentials credentials = kms.sts().assumeRole(alice, wanted).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  private static String trust(Caller user) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "%s"}}}"""
        .formatted(user.arn());
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  @Test
  void inactiveAccessKeyLearnsNothingOfARequest() {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.iam().updateAccessKey(root, "carol", carol.accessKeyId(), false);

    for (UUID asked : List.of(id, UUID.randomUUID())) {
      assertThrows(KmsException.UnrecognizedClient.class, () -> kms.approve(carol, asked));
      assertThrows(
          KmsException.UnrecognizedClient.class, () -> kms.describeApprovalRequest(carol, asked));
    }

    assertEquals(
        4,
        kms.lookupEvents(root, AuditQuery.newest(1000)).stream()
            .filter(record -> record.callerArn().equals(Optional.of(carol.arn())))
            .filter(record -> record.errorCode().equals(Optional.of("UnrecognizedClientException")))
            .count());
  }

  @Test
  void disabledKeyOfAnApproverDoesNotUndoWhatItSigned() {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    kms.disableKey(root, rule.approver(alice.arn()).orElseThrow().keyId().orElseThrow());

    kms.disableKey(root, key);
    assertFalse(kms.describeKey(root, key).isEnabled());
  }
}
