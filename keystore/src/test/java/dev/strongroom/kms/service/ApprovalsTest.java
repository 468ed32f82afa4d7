// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final KmsFixture fixture;
  private final Kms kms;
  private final Caller root;
  private final Caller alice;
  private final Caller bob;
  private final Caller carol;
  private final KeyPair keyOfCarol;
  private final KeyId key;
  private final ApprovalRule rule;

  ApprovalsTest(@TempDir Path home) throws Exception {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    alice = fixture.user("alice");
    bob = fixture.user("bob");
    carol = fixture.user("carol");
    keyOfCarol = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    key = fixture.symmetricKey();
    rule =
        kms.approvalRule(
            root,
            2,
            List.of(
                ApproverKey.of(alice.arn(), signingKey(alice)),
                ApproverKey.of(bob.arn(), signingKey(bob)),
                ApproverKey.elsewhere(carol.arn(), keyOfCarol.getPublic().getEncoded())),
            Set.of("PutKeyPolicy", "DisableKey"));
    kms.putApprovalRule(root, key, rule);
  }

  private KeyId signingKey(Caller owner) {
    KeyId id =
        fixture.key(CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.SIGN_VERIFY));
    kms.putKeyPolicy(root, id, policy(owner, "kms:Sign"));
    return id;
  }

  private static String policy(Caller user, String action) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s", "Resource": "*"}]}"""
        .formatted(user.arn(), action);
  }

  @AfterEach
  void close() {
    fixture.close();
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
    byte[] ofOther = signature(other);

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
            kms.approvalRule(
                root,
                3,
                List.of(ApproverKey.elsewhere(carol.arn(), keyOfCarol.getPublic().getEncoded())),
                Set.of("DisableKey")));
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
    byte[] signature = signature(request);

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

  @Test
  void disabledKeyOfAnApproverDoesNotUndoWhatItSigned() {
    UUID id = ask(ApprovalProposal.disableKey()).id();
    kms.approve(alice, id);
    kms.approve(bob, id);

    kms.disableKey(root, rule.approver(alice.arn()).orElseThrow().keyId().orElseThrow());

    kms.disableKey(root, key);
    assertFalse(kms.describeKey(root, key).isEnabled());
  }

  private ApprovalRequest ask(ApprovalProposal proposal) {
    return kms.requestApproval(root, key, proposal, HOUR);
  }

  private void approveAsCarol(UUID id) throws Exception {
    ApprovalRequest request = kms.describeApprovalRequest(carol, id);
    kms.approve(carol, id, SigningAlgorithm.ED25519_SHA_512, signature(request));
  }

  private byte[] signature(ApprovalRequest request) throws Exception {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(keyOfCarol.getPrivate());
    signer.update(request.statement());
    return signer.sign();
  }
}
