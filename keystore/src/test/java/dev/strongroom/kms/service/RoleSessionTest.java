// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.UnrecognizedClient;
import dev.strongroom.kms.Operation;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What sessions of roles may do. */
class RoleSessionTest extends RoleScene {
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
}
