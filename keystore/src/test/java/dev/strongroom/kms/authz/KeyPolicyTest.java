// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static dev.strongroom.kms.authz.AuthorizerTest.allow;
import static dev.strongroom.kms.authz.AuthorizerTest.document;
import static dev.strongroom.kms.authz.AuthorizerTest.statement;
import static dev.strongroom.kms.authz.Callers.ACCOUNT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPolicyTest {

  @Test
  void defaultPolicyIsThatOfAws() {
    assertEquals(
        """
        {
            "Version": "2012-10-17",
            "Id": "key-default-1",
            "Statement": [
                {
                    "Sid": "Enable IAM User Permissions",
                    "Effect": "Allow",
                    "Principal": {
                        "AWS": "arn:aws:iam::111122223333:root"
                    },
                    "Action": "kms:*",
                    "Resource": "*"
                }
            ]
        }""",
        KeyPolicy.defaultFor(ACCOUNT).text());
  }

  @Test
  void textIsKeptAsItWasGiven() {
    String text = " " + allow("\"*\"", "kms:*") + "\r\n\t";

    assertEquals(text, KeyPolicy.parse(text).text());
  }

  @Test
  void singleStatementNeedsNoList() {
    String text = "{\"Statement\":" + statement("Allow", "\"*\"", "\"kms:*\"") + "}";

    assertEquals(1, KeyPolicy.parse(text).compiled().statements().size());
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "[]                                     | Line 1, column 1: The policy must be an object, not an array.",
      "{                                      | The text ends too early",
      "{}                                     | Line 1, column 1: Statement is missing in a policy.",
      "{'Statement':[]}                       | Line 1, column 14: This list is empty.",
      "{'Statement':[7]}                      | Line 1, column 15: A statement must be an object, not a number.",
      "{'Statment':[]}                        | Line 1, column 2: \"Statment\" cannot stand in a policy. Allowed: Version, Id, Statement.",
      "{'Version':'2020-01-01','Statement':7} | Line 1, column 12: Version must be \"2012-10-17\" or",
      "{'Version':null,'Statement':[]}        | Line 1, column 12: Version must be a text, not null.",
      "{'Id':'a','Id':'b','Statement':[]}     | Line 1, column 11: The name \"Id\" stands twice",
      "{'Statement':{'Effect':'allow'}}       | Line 1, column 24: Effect must be \"Allow\" or \"Deny\".",
      "{'Statement':{'Effect':'Allow'}}       | Line 1, column 14: Principal is missing in a statement.",
      "{'Statement':{'Conditions':{}}}        | Line 1, column 15: \"Conditions\" cannot stand in a statement. Allowed: Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition.",
      "{'Statement':{'Effect':'Deny','Principal':'*','NotPrincipal':'*'}} | Line 1, column 47: A statement has Principal or NotPrincipal, not both. Keep one.",
      "{'Statement':{'effect':'Allow'}}       | \"effect\" cannot stand in a statement.",
  })
  // spotless:on
  void whatIsNotAPolicyIsRefusedWithItsPlace(String text, String message) {
    assertRefused(text.replace('\'', '"'), message);
  }

  // spotless:off
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "'alice'                                        | Principal must be",
      "['*']                                          | Principal must be",
      "{}                                             | AWS is missing in Principal.",
      "{'Service':'s3'}                               | A service is named like",
      "{'AWS':'*','Federated':'x'}                    | A federated principal is",
      "{'AWS':'*','CanonicalUser':'x'}                | \"CanonicalUser\" cannot stand in Principal. Allowed: AWS, Service, Federated.",
      "{'AWS':[]}                                     | This list is empty.",
      "{'AWS':7}                                      | A principal must be a text, not a number.",
      "{'AWS':['111122223333','11112222333']}         | A principal is",
      "{'AWS':'arn:aws:iam::111122223333:user/*'}     | without wildcards",
      "{'AWS':'arn:aws:iam::111122223333:group/g'}    | A principal is",
      "{'AWS':'arn:aws-cn:iam::111122223333:root'}    | A principal is",
      "{'AWS':'arn:aws:sts::111122223333:assumed-role/r'} | A principal is",
      "{'AWS':'arn:aws:iam::11112222333:root'}        | A principal is",
      "{'AWS':'arn:aws:iam::111122223333:root/x'}     | A principal is",
      "{'AWS':'AIDAEXAMPLE'}                          | A principal is",
  })
  // spotless:on
  void unknownPrincipalsAreRefused(String principal, String message) {
    assertRefused(allow(principal.replace('\'', '"'), "kms:*"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "Decrypt",
    "kms:Decrpyt",
    "s3:GetObject",
    "kms:",
    "'kms:Decrypt '",
    "'kms:Decrypt,kms:Encrypt'",
    "''"
  })
  void unknownActionsAreRefused(String action) {
    assertRefused(allow("\"*\"", action), "There is no such action.");
  }

  @Test
  void actionsThatAwsHasAndWeHaveNotAreUnderstood() {
    KeyPolicy.parse(
        document(
            statement(
                "Allow",
                "\"*\"",
                "[\"kms:TagResource\",\"kms:ScheduleKeyDeletion\",\"kms:Create*\"]")));
  }

  @Test
  void otherResourcesAreRefused() {
    assertRefused(
        allow("\"*\"", "kms:*")
            .replace("\"Resource\":\"*\"", "\"Resource\":[\"*\",\"arn:aws:kms\"]"),
        "Resource must be \"*\"");
  }

  @Test
  void lineAndColumnCountThroughTheText() {
    assertRefused(
        "{\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Conditions\": 1}]}",
        "Line 5, column 7: \"Conditions\"");
  }

  @Test
  void charactersThatAwsRefusesAreRefused() {
    assertRefused("{\n\"Id\": \"€\"}", "Line 2, column 8: The character U+20AC");
    assertRefused("{\"Id\":\"\u0007\"}", "Line 1, column 8: The character U+0007");
  }

  @Test
  void policiesEndAtTheSizeLimit() {
    String policy = allow("\"*\"", "kms:*");
    KeyPolicy.parse(policy + " ".repeat(KeyPolicy.MAX_BYTES - policy.length()));

    assertThrows(
        KmsException.LimitExceeded.class,
        () -> KeyPolicy.parse(policy + " ".repeat(KeyPolicy.MAX_BYTES - policy.length() + 1)));
  }

  @Test
  void longPatternsDoNotTakeLong() {
    String stars = "*a".repeat(15_000);

    assertRefused(allow("\"*\"", stars), "There is no such action.");
  }

  @Test
  void policyWithoutAnyoneWhoCanChangeItLocksOut() {
    String alice = "{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"}";

    assertFalse(locksOut(KeyPolicy.defaultFor(ACCOUNT).text(), Callers.root()));
    assertFalse(locksOut(KeyPolicy.defaultFor(ACCOUNT).text(), Callers.alice()));
    assertFalse(locksOut(allow(alice, "kms:Put*"), Callers.alice()));
    assertTrue(locksOut(allow(alice, "kms:Put*"), Callers.root()));
    assertTrue(locksOut(allow("\"*\"", "kms:Get*"), Callers.root()));
    assertTrue(
        locksOut(
            document(
                statement("Allow", "\"*\"", "\"kms:*\""),
                statement("Deny", "\"*\"", "\"kms:PutKeyPolicy\"")),
            Callers.root()));
    assertTrue(locksOut(KeyPolicy.defaultFor(Callers.OTHER_ACCOUNT).text(), Callers.root()));
  }

  private static boolean locksOut(String policy, Identity caller) {
    return KeyPolicy.parse(policy)
        .locksOut(caller, Requests.onKey(caller, Operation.PUT_KEY_POLICY));
  }

  private static void assertRefused(String text, String message) {
    KmsException.MalformedPolicyDocument refusal =
        assertThrows(KmsException.MalformedPolicyDocument.class, () -> KeyPolicy.parse(text), text);
    assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
  }
}
