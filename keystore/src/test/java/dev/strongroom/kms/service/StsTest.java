// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who assumes a role, for how long, and what the answer says. */
class StsTest extends RoleScene {
  private static Sts.AssumeRoleRequest lasting(int seconds) {
    return new Sts.AssumeRoleRequest(ROLE, "nightly", seconds, null, List.of(), null);
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
}
