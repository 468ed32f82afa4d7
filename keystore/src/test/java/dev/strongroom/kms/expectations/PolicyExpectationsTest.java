// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import static dev.strongroom.kms.Operation.CREATE_ALIAS;
import static dev.strongroom.kms.Operation.DECRYPT;
import static dev.strongroom.kms.Operation.ENCRYPT;
import static dev.strongroom.kms.Operation.LIST_KEYS;
import static dev.strongroom.kms.Operation.PUT_KEY_POLICY;
import static dev.strongroom.kms.Operation.SIGN;
import static dev.strongroom.kms.Operation.TAG_RESOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyExpectationsTest {
  private static final String ACCOUNT = "111122223333";
  private static final String KEY_ARN =
      "arn:aws:kms:local:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String ALL_KMS =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}";
  private static final PolicyCaller ALICE = PolicyCaller.user(ACCOUNT, "alice");
  private static final PolicyCaller BOB = PolicyCaller.user(ACCOUNT, "bob");
  private static final PolicyKey KEY = PolicyKey.symmetric(KEY_ARN).named("alias/app");

  private static final PolicyExpectations POLICY =
      PolicyExpectations.of(
          """
          {"Version": "2012-10-17", "Statement": [
            {"Sid": "Admins", "Effect": "Allow", "Principal": {"AWS": "111122223333"},
             "Action": "kms:*", "Resource": "*"},
            {"Sid": "Users", "Effect": "Allow",
             "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
             "Action": ["kms:Encrypt", "kms:Decrypt", "kms:Sign"], "Resource": "*",
             "Condition": {"StringEqualsIfExists": {
               "kms:EncryptionContext:tenant": "${aws:PrincipalTag/tenant, 'a'}",
               "kms:SigningAlgorithm": "ECDSA_SHA_256"}}},
            {"Sid": "NotByName", "Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt",
             "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/app"}}},
            {"Sid": "Freeze", "Effect": "Deny", "Principal": "*", "Action": "kms:*",
             "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/state": "frozen"}}}]}
          """);

  @Test
  void expectationsThatHoldSayNothing() {
    Map<String, String> ofA = Map.of("tenant", "a");

    POLICY.expect(ALICE).with(ofA).allowed(DECRYPT).on(KEY).because("Users");
    POLICY.expect(ALICE).with(Map.of("tenant", "b")).denied(DECRYPT).on(KEY).because("\"b\"");
    POLICY.expect(ALICE.tagged("tenant", "b")).with(Map.of("tenant", "b")).allowed(DECRYPT).on(KEY);
    POLICY.expect(ALICE).denied(PUT_KEY_POLICY).on(KEY);
    POLICY.expect(BOB).denied(DECRYPT).on(KEY).because("its principals are");
    POLICY.expect(PolicyCaller.root(ACCOUNT)).allowed(PUT_KEY_POLICY).on(KEY).because("Admins");
    POLICY.expect(ALICE).with(ofA).allowed(ENCRYPT).on(KEY);
    POLICY
        .expect(ALICE)
        .with(ofA)
        .through("alias/app")
        .denied(ENCRYPT)
        .on(KEY)
        .because("NotByName");
    POLICY.expect(ALICE).denied(DECRYPT).on(KEY.tagged("state", "frozen")).because("Freeze");
  }

  @Test
  void conditionKeysOfTheRequestCanBeGiven() {
    PolicyKey signing = PolicyKey.of(KEY_ARN, CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);

    POLICY.expect(ALICE).with("kms:SigningAlgorithm", "ECDSA_SHA_256").allowed(SIGN).on(signing);
    POLICY.expect(ALICE).with("kms:SigningAlgorithm", "ECDSA_SHA_512").denied(SIGN).on(signing);
    assertThrows(
        IllegalArgumentException.class, () -> POLICY.expect(ALICE).with("kms:Colour", "blue"));
    assertThrows(
        IllegalArgumentException.class,
        () -> POLICY.expect(ALICE).with("kms:EncryptionContext:tenant", "a"));
  }

  @Test
  void tagsOfTheRequestCanBeGiven() {
    PolicyExpectations policy =
        PolicyExpectations.of(
            """
            {"Version": "2012-10-17", "Statement": [
              {"Sid": "Taggers", "Effect": "Allow", "Action": "kms:TagResource", "Resource": "*",
               "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Condition": {
                 "StringEquals": {"aws:RequestTag/team": "blue"},
                 "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]}}},
              {"Sid": "Admins", "Effect": "Allow", "Principal": {"AWS": "111122223333"},
               "Action": "kms:PutKeyPolicy", "Resource": "*"}]}""");
    Expectation alice = policy.expect(ALICE);

    alice.tagging(Map.of("team", "blue", "stage", "")).allowed(TAG_RESOURCE).on(KEY);
    alice.tagging(Map.of("team", "red")).denied(TAG_RESOURCE).on(KEY).because("\"red\"");
    alice.tagging(Map.of("team", "blue", "x", "")).denied(TAG_RESOURCE).on(KEY);
    alice.denied(TAG_RESOURCE).on(KEY);
  }

  @Test
  void grantsCountAndExpire() {
    PolicyCaller job = PolicyCaller.role(ACCOUNT, "batch", "monday");
    Instant end = Instant.parse("2026-12-01T00:00:00Z");
    PolicyExpectations granted =
        POLICY.with(
            PolicyGrant.to("arn:aws:iam::111122223333:role/batch", DECRYPT)
                .forContextWith(Map.of("job", "7"))
                .until(end));
    Map<String, String> context = Map.of("job", "7", "part", "1");

    granted
        .expect(job)
        .with(context)
        .at(end.minusMillis(1))
        .allowed(DECRYPT)
        .on(KEY)
        .because("grant 1");
    granted.expect(job).with(context).at(end).denied(DECRYPT).on(KEY).because("expired");
    granted.expect(job).at(end.minusMillis(1)).denied(DECRYPT).on(KEY).because("is not met");
    POLICY.expect(job).with(context).denied(DECRYPT).on(KEY);
  }

  @Test
  void policiesOfTheCallerCount() {
    POLICY.expect(BOB.withPolicy(ALL_KMS)).allowed(DECRYPT).on(KEY).because("Admins");
    POLICY
        .expect(BOB.withPolicy(ALL_KMS).boundedBy(ALL_KMS.replace("kms:*", "kms:Encrypt")))
        .denied(DECRYPT)
        .on(KEY);
    POLICY
        .expect(BOB.withPolicy(ALL_KMS).inSession(ALL_KMS.replace("kms:*", "kms:Encrypt")))
        .denied(DECRYPT)
        .on(KEY);
    POLICY.expect(BOB.withPolicy(ALL_KMS)).through("alias/new").allowed(CREATE_ALIAS).on(KEY);
    POLICY
        .expect(PolicyCaller.user("444455556666", "bob").withPolicy(ALL_KMS))
        .denied(DECRYPT)
        .on(KEY);
  }

  @Test
  void brokenExpectationIsExplained() {
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> POLICY.expect(ALICE).with(Map.of("tenant", "b")).allowed(DECRYPT).on(KEY));

    String message = String.valueOf(error.getMessage());
    assertEquals(
        "Expected kms:Decrypt by arn:aws:iam::111122223333:user/alice on "
            + KEY_ARN
            + " with {tenant=b} to be allowed, but:",
        message.lines().findFirst().orElseThrow());
    assertTrue(message.contains("\nRefused\n  key policy, statement 3 \"NotByName\": "), message);
    assertTrue(message.contains("\nTo allow it: call with another encryption context"), message);
  }

  @Test
  void rightDecisionForAnotherReasonIsAFailure() {
    Reason reason = POLICY.expect(ALICE).allowed(DECRYPT).on(KEY);

    AssertionError error = assertThrows(AssertionError.class, () -> reason.because("Admins"));
    assertTrue(
        String.valueOf(error.getMessage())
            .contains(
                " to be allowed because of \"Admins\", but:\nAllowed by key policy, statement 2"
                    + " \"Users\""));
  }

  @Test
  void policyThatCouldNotBePutIsNotHeldToAnything() {
    KmsException refused =
        assertThrows(
            KmsException.MalformedPolicyDocument.class,
            () -> PolicyExpectations.of("{\"Statement\": [{\"Effect\": \"Permit\"}]}"));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("Line 1, column 27"), refused.getMessage());
  }

  @Test
  void operationsOnNoKeyAreNoMatterOfAKeyPolicy() {
    Expected expected = POLICY.expect(ALICE).allowed(LIST_KEYS);

    assertThrows(IllegalArgumentException.class, () -> expected.on(KEY));
  }
}
