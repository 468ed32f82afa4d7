// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.UnrecognizedClient;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles: who assumes them, and what their sessions may do. */
class StsTest {
  private static final String ACCOUNT = "arn:aws:iam::000000000000:";
  private static final String ROLE = ACCOUNT + "role/batch";
  private static final String SESSION = "arn:aws:sts::000000000000:assumed-role/batch/nightly";
  private static final String ALICE = ACCOUNT + "user/alice";

  private KmsFixture fixture;
  private Kms kms;
  private Iam iam;
  private Caller root;
  private Caller alice;
  private KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    iam = kms.iam();
    root = fixture.root();
    alice = fixture.user("alice");
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void role(String trust) {
    iam.createRole(root, "batch", new Iam.CreateRoleRequest(trust, null, null, null));
  }

  private void usefulRole(String trust) {
    role(trust);
    iam.putPolicy(root, IamKind.ROLE, "batch", "use", allow("kms:*"));
  }

  private static String trust(String principal) {
    return trust(principal, "");
  }

  private static String trust(String principal, String condition) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"%s}}"""
        .formatted(principal, condition);
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  private static Sts.AssumeRoleRequest request() {
    return Sts.AssumeRoleRequest.of(ROLE, "nightly");
  }

  private static Sts.AssumeRoleRequest narrowed(@Nullable String policy, String... arns) {
    return new Sts.AssumeRoleRequest(ROLE, "nightly", null, policy, List.of(arns), null);
  }

  private static Sts.AssumeRoleRequest lasting(int seconds) {
    return new Sts.AssumeRoleRequest(ROLE, "nightly", seconds, null, List.of(), null);
  }

  private Caller assume(Caller caller, Sts.AssumeRoleRequest request) {
    try (Credentials credentials = kms.sts().assumeRole(caller, request).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  private void use(Caller caller) {
    kms.generateDataKey(caller, key, 32, EncryptionContext.EMPTY).destroy();
  }

  private void assertMayNot(Caller caller) {
    assertThrows(AccessDenied.class, () -> use(caller));
  }

  private static String message(Class<? extends KmsException> type, Runnable call) {
    return String.valueOf(assertThrows(type, call::run).getMessage());
  }

  @Test
  void sessionMayDoWhatTheRoleMayAndNothingOfItsUser() {
    usefulRole(trust(ALICE));
    iam.putPolicy(root, IamKind.USER, "alice", "list", allow("iam:ListUsers"));

    Caller session = assume(alice, request());

    assertEquals(SESSION, session.arn());
    use(session);
    assertMayNot(alice);
    iam.list(alice, IamKind.USER);
    assertThrows(AccessDenied.class, () -> iam.list(session, IamKind.USER));
  }

  @Test
  void trustPolicyNamesTheCallerOrLeavesItToTheAccount() {
    role(trust(ACCOUNT + "user/bob"));
    assertThrows(AccessDenied.class, () -> assume(alice, request()));

    iam.updateAssumeRolePolicy(root, "batch", trust("000000000000"));
    assertThrows(AccessDenied.class, () -> assume(alice, request()));
    iam.putPolicy(root, IamKind.USER, "alice", "assume", allow("sts:AssumeRole"));
    assertEquals(SESSION, assume(alice, request()).arn());

    iam.updateAssumeRolePolicy(root, "batch", trust(ALICE));
    iam.deletePolicy(root, IamKind.USER, "alice", "assume");
    assertEquals(SESSION, assume(alice, request()).arn());
    iam.putPolicy(
        root,
        IamKind.USER,
        "alice",
        "not",
        allow("sts:AssumeRole").replace("\"Allow\"", "\"Deny\""));
    assertThrows(AccessDenied.class, () -> assume(alice, request()));
  }

  @Test
  void conditionsOfTheTrustPolicySeeTheRequest() {
    role(
        trust(
            "*",
            """
            , "Condition": {
              "StringEquals": {"sts:ExternalId": "case-7", "aws:PrincipalType": "User"},
              "StringLike": {"sts:RoleSessionName": "night*"},
              "ArnEquals": {"aws:PrincipalArn": "%s"}}"""
                .formatted(ALICE)));

    assertThrows(AccessDenied.class, () -> assume(alice, request()));
    Sts.AssumeRoleRequest wrong =
        new Sts.AssumeRoleRequest(ROLE, "nightly", null, null, List.of(), "case-8");
    assertThrows(AccessDenied.class, () -> assume(alice, wrong));
    Sts.AssumeRoleRequest right =
        new Sts.AssumeRoleRequest(ROLE, "nightly", null, null, List.of(), "case-7");
    assertEquals(SESSION, assume(alice, right).arn());
    Sts.AssumeRoleRequest otherName =
        new Sts.AssumeRoleRequest(ROLE, "daily", null, null, List.of(), "case-7");
    assertThrows(AccessDenied.class, () -> assume(alice, otherName));
    assertThrows(AccessDenied.class, () -> assume(fixture.user("bob"), right));
  }

  @Test
  void missingRoleIsRefusedAsAForbiddenOne() {
    role(trust(ACCOUNT + "user/bob"));
    Sts.AssumeRoleRequest missing = Sts.AssumeRoleRequest.of(ACCOUNT + "role/nobody", "nightly");

    String forbidden = message(AccessDenied.class, () -> assume(alice, request()));
    String unknown = message(AccessDenied.class, () -> assume(alice, missing));

    String id = "[0-9a-f]{8}-[0-9a-f-]{27}";
    assertEquals(
        forbidden.replace("role/batch", "role/nobody").replaceAll(id, ""),
        unknown.replaceAll(id, ""));
  }

  @Test
  void accountRootAssumesNoRole() {
    role(trust("*"));

    String refusal = message(AccessDenied.class, () -> assume(root, request()));

    assertTrue(refusal.contains("an account root assumes no role"), refusal);
  }

  @Test
  void sessionPolicyTakesAwayAndGivesNothing() {
    role(trust(ALICE));
    iam.putPolicy(root, IamKind.ROLE, "batch", "use", allow("kms:GenerateDataKey"));

    use(assume(alice, narrowed(allow("kms:Generate*"))));
    assertMayNot(assume(alice, narrowed(allow("kms:DescribeKey"))));
    Caller more = assume(alice, narrowed(allow("kms:*")));
    use(more);
    assertThrows(AccessDenied.class, () -> kms.describeKey(more, key));
  }

  @Test
  void sessionPolicyLimitsWhatKeyPoliciesAndGrantsAllowToo() {
    role(trust(ALICE));
    kms.createGrant(root, CreateGrantRequest.of(key, ROLE, Set.of(Operation.GENERATE_DATA_KEY)));

    use(assume(alice, request()));
    assertMayNot(assume(alice, narrowed(allow("kms:DescribeKey"))));
  }

  @Test
  void managedPoliciesLimitASessionToo() {
    usefulRole(trust(ALICE));
    String arn = iam.createPolicy(root, "look", allow("kms:Describe*"), "").arn();

    Caller session = assume(alice, narrowed(null, arn));
    kms.describeKey(session, key);
    assertMayNot(session);
    use(assume(alice, narrowed(allow("kms:GenerateDataKey"), arn)));
    assertThrows(
        KmsException.NoSuchEntity.class,
        () -> assume(alice, narrowed(null, ACCOUNT + "policy/none")));
    assertThrows(
        KmsException.Validation.class,
        () -> assume(alice, narrowed(null, Collections.nCopies(11, arn).toArray(String[]::new))));
    assertThrows(KmsException.MalformedPolicyDocument.class, () -> assume(alice, narrowed("{}")));
  }

  @Test
  void boundaryOfTheRoleLimitsItsSessions() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, request());
    use(session);

    String arn = iam.createPolicy(root, "limits", allow("kms:Describe*"), "").arn();
    iam.putPermissionsBoundary(root, IamKind.ROLE, "batch", arn);

    assertMayNot(session);
    kms.describeKey(session, key);
  }

  @Test
  void changesOfTheRoleActOnSessionsThatThereAre() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, request());
    use(session);

    iam.deletePolicy(root, IamKind.ROLE, "batch", "use");
    assertMayNot(session);
    iam.putPolicy(root, IamKind.ROLE, "batch", "use", allow("kms:*"));
    use(session);
  }

  @Test
  void deletedRoleEndsItsSessionsAlsoWhereItIsMadeAgain() {
    usefulRole(trust(ALICE));
    Credentials credentials = kms.sts().assumeRole(alice, request()).credentials();
    Caller session = kms.authenticate(credentials);
    use(session);

    iam.deletePolicy(root, IamKind.ROLE, "batch", "use");
    iam.delete(root, IamKind.ROLE, "batch");
    assertThrows(UnrecognizedClient.class, () -> use(session));
    usefulRole(trust(ALICE));
    assertThrows(UnrecognizedClient.class, () -> use(session));
    assertThrows(UnrecognizedClient.class, () -> kms.authenticate(credentials));
    use(assume(alice, request()));
  }

  @Test
  void otherProcessKnowsTheSession() {
    usefulRole(trust(ALICE));
    Credentials credentials = kms.sts().assumeRole(alice, request()).credentials();

    try (Kms other = fixture.secondProcess().get()) {
      Caller session = other.authenticate(credentials);
      other.generateDataKey(session, key, 32, EncryptionContext.EMPTY).destroy();
      assertThrows(UnrecognizedClient.class, () -> use(session));
    }
  }

  @Test
  void durationIsHeldToTheRoleAndToAnHourWhereRolesAreChained() {
    usefulRole(trust(ALICE));
    assertThrows(KmsException.Validation.class, () -> assume(alice, lasting(899)));
    assertThrows(KmsException.Validation.class, () -> assume(alice, lasting(3601)));
    assume(alice, lasting(900));

    iam.updateRole(root, "batch", 7200, null);
    assume(alice, lasting(7200));
    iam.updateAssumeRolePolicy(root, "batch", trust(ALICE).replace(ALICE, ROLE));
    assertThrows(AccessDenied.class, () -> assume(alice, request()));
  }

  @Test
  void sessionOfOneRoleAssumesAnotherForAnHourAtMost() {
    usefulRole(trust(ALICE));
    String second = ACCOUNT + "role/second";
    iam.createRole(root, "second", new Iam.CreateRoleRequest(trust(ROLE), null, 7200, null));
    Caller session = assume(alice, request());

    assertThrows(AccessDenied.class, () -> assume(alice, Sts.AssumeRoleRequest.of(second, "two")));
    Caller chained = assume(session, Sts.AssumeRoleRequest.of(second, "two"));
    assertEquals("arn:aws:sts::000000000000:assumed-role/second/two", chained.arn());
    Sts.AssumeRoleRequest longer =
        new Sts.AssumeRoleRequest(second, "two", 3601, null, List.of(), null);
    assertThrows(KmsException.Validation.class, () -> assume(session, longer));
  }

  @Test
  void keyPolicyMatchesTheRoleAndTheSession() {
    role(trust(ALICE));
    Caller nightly = assume(alice, request());
    Caller daily = assume(alice, Sts.AssumeRoleRequest.of(ROLE, "daily"));

    String policy = kms.getKeyPolicy(root, key);
    kms.putKeyPolicy(root, key, withUser(policy, ROLE));
    use(nightly);
    use(daily);
    kms.putKeyPolicy(root, key, withUser(policy, SESSION));
    use(nightly);
    assertMayNot(daily);
  }

  private static String withUser(String policy, String principal) {
    String statement =
        """
        {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:GenerateDataKey",
         "Resource": "*"},"""
            .formatted(principal);
    int at = policy.indexOf('[') + 1;
    return policy.substring(0, at) + statement + policy.substring(at);
  }

  @Test
  void grantsToARoleAndToASessionWork() {
    role(trust(ALICE));
    Caller nightly = assume(alice, request());
    Caller daily = assume(alice, Sts.AssumeRoleRequest.of(ROLE, "daily"));

    CreateGrantResult toSession =
        kms.createGrant(
            root, CreateGrantRequest.of(key, SESSION, Set.of(Operation.GENERATE_DATA_KEY)));
    use(nightly);
    assertMayNot(daily);
    kms.createGrant(root, CreateGrantRequest.of(key, ROLE, Set.of(Operation.GENERATE_DATA_KEY)));
    use(daily);
    kms.revokeGrant(root, key, toSession.grantId());
    use(nightly);
  }

  @Test
  void everybodyMayKnowWhoTheyAre() {
    role(trust(ALICE));

    Sts.CallerIdentity identity = kms.sts().getCallerIdentity(assume(alice, request()));
    String roleId = iam.get(root, IamKind.ROLE, "batch").id();
    assertEquals(new Sts.CallerIdentity(roleId + ":nightly", "000000000000", SESSION), identity);
    String aliceId = iam.get(root, IamKind.USER, "alice").id();
    assertEquals(
        new Sts.CallerIdentity(aliceId, "000000000000", ALICE), kms.sts().getCallerIdentity(alice));
    assertEquals("000000000000", kms.sts().getCallerIdentity(root).userId());
  }

  @Test
  void answerSaysWhatAwsSays() {
    role(trust(ALICE));

    Sts.AssumedRole assumed = kms.sts().assumeRole(alice, narrowed(allow("kms:Decrypt")));

    assertTrue(assumed.credentials().accessKeyId().matches("ASIA[A-Z2-7]{16}"));
    assertEquals(SESSION, assumed.arn());
    assertEquals(iam.get(root, IamKind.ROLE, "batch").id() + ":nightly", assumed.assumedRoleId());
    assertEquals(Optional.of(2), assumed.packedPolicySize());
    assertFalse(
        assumed.toString().contains(String.valueOf(assumed.credentials().secret())), "no secret");
    assertFalse(assumed.toString().contains(assumed.credentials().sessionToken()), "no token");
    assertEquals(Optional.empty(), kms.sts().assumeRole(alice, request()).packedPolicySize());
  }

  @Test
  void trailShowsTheRoleBehindASession() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, request());
    use(session);

    List<AuditRecord> records = kms.lookupEvents(root, AuditQuery.newest(3));
    Map<String, @Nullable Object> use = CloudTrailJson.event(records.get(1), kms.place());
    String roleId = iam.get(root, IamKind.ROLE, "batch").id();
    Map<?, ?> user = map(use, "userIdentity");
    assertEquals("GenerateDataKey", use.get("eventName"));
    assertEquals("AssumedRole", user.get("type"));
    assertEquals(roleId + ":nightly", user.get("principalId"));
    assertEquals(SESSION, user.get("arn"));
    assertEquals(session.accessKeyId(), user.get("accessKeyId"));
    Map<?, ?> context = map(user, "sessionContext");
    assertEquals(
        Map.of(
            "type", "Role",
            "principalId", roleId,
            "arn", ROLE,
            "accountId", "000000000000",
            "userName", "batch"),
        context.get("sessionIssuer"));
    assertEquals(
        session.session().orElseThrow().issued().toString(),
        map(context, "attributes").get("creationDate"));

    Map<String, @Nullable Object> assumed = CloudTrailJson.event(records.get(0), kms.place());
    assertEquals("sts.amazonaws.com", assumed.get("eventSource"));
    assertEquals(
        Map.of("roleArn", ROLE, "roleSessionName", "nightly"), assumed.get("requestParameters"));
  }

  private static Map<?, ?> map(Map<?, ?> of, String name) {
    return (Map<?, ?>) Objects.requireNonNull(of.get(name), name);
  }

  @Test
  void refusalOfASessionIsExplainedWithItsSessionPolicy() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, narrowed(allow("kms:DescribeKey")));
    UUID id = requestId(message(AccessDenied.class, () -> use(session)));

    String why = kms.explainRequest(root, id).text();
    assertTrue(
        why.contains("Refused")
            && why.contains("session policy, statement 1: its actions do not include"),
        why);
    String named =
        kms.explain(root, ExplainRequest.of(SESSION, Operation.GENERATE_DATA_KEY, key)).text();
    assertTrue(named.contains("Allowed"), named);
    String ofRole =
        kms.explain(root, ExplainRequest.of(ROLE, Operation.GENERATE_DATA_KEY, key)).text();
    assertTrue(ofRole.contains("Allowed"), ofRole);
  }

  @Test
  void refusedAssumptionOfARoleIsExplained() {
    role(trust(ACCOUNT + "user/bob"));
    UUID id = requestId(message(AccessDenied.class, () -> assume(alice, request())));

    String why = kms.explainRequest(root, id).text();

    assertTrue(why.contains("Refused") && why.contains("trust policy"), why);
  }

  private static UUID requestId(String refusal) {
    return UUID.fromString(refusal.replaceAll(".*--request-id ([0-9a-f-]{36}).*", "$1"));
  }
}
