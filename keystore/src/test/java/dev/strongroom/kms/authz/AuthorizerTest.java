// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static dev.strongroom.kms.authz.Callers.ACCOUNT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorizerTest {
  private static final String ALICE = "{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"}";
  private static final String THE_ACCOUNT = "{\"AWS\":\"111122223333\"}";

  @ParameterizedTest
  @EnumSource(Operation.class)
  void rootMayDoEverythingUnderTheDefaultPolicy(Operation operation) {
    String policy = KeyPolicy.defaultFor(ACCOUNT).text();
    Identity root = Callers.root();

    if (operation != Operation.RETIRE_GRANT) {
      Decision decision =
          operation.scope() == Operation.Scope.KEY
              ? decide(root, operation, policy)
              : Authorizer.decideInAccount(root, Requests.inAccount(root, operation), ACCOUNT);
      assertTrue(decision.isAllowed());
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void userMayDoNothingWithAKeyUnderTheDefaultPolicy(Operation operation) {
    if (operation.scope() == Operation.Scope.KEY) {
      assertDenied(Callers.alice(), operation, KeyPolicy.defaultFor(ACCOUNT).text());
    }
  }

  @Test
  void rootHasNoAccessExceptThroughThePolicy() {
    assertDenied(Callers.root(), Operation.DESCRIBE_KEY, allow(ALICE, "kms:*"));
  }

  @Test
  void rootIsAllowedOnlyWhatIsDelegatedToTheAccount() {
    String policy = allow(THE_ACCOUNT, "kms:Describe*");

    assertAllowed(Callers.root(), Operation.DESCRIBE_KEY, policy);
    assertDenied(Callers.root(), Operation.DECRYPT, policy);
  }

  @Test
  void userIsAllowedWhatThePolicyAllowsItByName() {
    String policy = allow(ALICE, "kms:decrypt");

    assertAllowed(Callers.alice(), Operation.DECRYPT, policy);
    assertDenied(Callers.alice(), Operation.ENCRYPT, policy);
    assertDenied(Callers.user("bob"), Operation.DECRYPT, policy);
    assertDenied(Callers.user("Alice"), Operation.DECRYPT, policy);
  }

  @Test
  void everyoneMeansEveryoneWhomTheirOwnAccountLets() {
    for (String everyone : new String[] {"\"*\"", "{\"AWS\":\"*\"}", "{\"AWS\":[\"*\"]}"}) {
      String policy = allow(everyone, "kms:Encrypt");

      assertAllowed(Callers.root(), Operation.ENCRYPT, policy);
      assertAllowed(Callers.alice(), Operation.ENCRYPT, policy);
      assertDenied(Callers.aliceOfAnotherAccount(), Operation.ENCRYPT, policy);
    }
  }

  @Test
  void otherAccountsNeedAnIdentityPolicyOfTheirs() {
    String policy =
        allow("{\"AWS\":[\"444455556666\",\"arn:aws:iam::444455556666:user/alice\"]}", "kms:*");
    String own = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}";

    assertAllowed(Callers.rootOfAnotherAccount(), Operation.DECRYPT, policy);
    assertDenied(Callers.aliceOfAnotherAccount(), Operation.DECRYPT, policy);
    assertAllowed(Callers.aliceOfAnotherAccount(own), Operation.DECRYPT, policy);
    assertDenied(Callers.aliceOfAnotherAccount(own), Operation.PUT_KEY_POLICY, policy);
  }

  @Test
  void denialWinsWhereverItStands() {
    String allow = statement("Allow", ALICE, "\"kms:*\"");
    String deny = statement("Deny", ALICE, "[\"kms:Decrypt\"]");

    for (String policy : new String[] {document(allow, deny), document(deny, allow)}) {
      assertDenied(Callers.alice(), Operation.DECRYPT, policy);
      assertAllowed(Callers.alice(), Operation.ENCRYPT, policy);
    }
  }

  @Test
  void denialOfTheAccountMeansAllOfItsIdentities() {
    String policy =
        document(
            statement("Allow", "\"*\"", "\"kms:*\""),
            statement("Deny", THE_ACCOUNT, "\"kms:Sign\""));

    assertDenied(Callers.root(), Operation.SIGN, policy);
    assertDenied(Callers.alice(), Operation.SIGN, policy);
    assertAllowed(Callers.alice(), Operation.VERIFY, policy);
  }

  @Test
  void aliasesTakeAnIdentityPolicyToo() {
    String policy = allow(ALICE, "kms:*");

    assertDenied(Callers.alice(), Operation.CREATE_ALIAS, policy);
    assertDenied(Callers.alice(), Operation.UPDATE_ALIAS, policy);
    assertDenied(Callers.alice(), Operation.DELETE_ALIAS, policy);
  }

  @Test
  void wildcardsMatchAnyCaseAndOneOrMoreCharacters() {
    assertAllowed(
        Callers.alice(), Operation.GENERATE_DATA_KEY, allow(ALICE, "KMS:generatedatakey*"));
    assertAllowed(
        Callers.alice(), Operation.GENERATE_DATA_KEY_PAIR, allow(ALICE, "kms:*Data*Pair"));
    assertAllowed(Callers.alice(), Operation.SIGN, allow(ALICE, "kms:S?gn"));
    assertDenied(Callers.alice(), Operation.SIGN, allow(ALICE, "kms:?ncrypt"));
    assertDenied(Callers.alice(), Operation.ENCRYPT, allow(ALICE, "kms:Re*"));
    assertAllowed(Callers.alice(), Operation.ENCRYPT, allow(ALICE, "*"));
  }

  @Test
  void decisionNamesTheStatement() {
    String policy =
        document(
            statement("Allow", THE_ACCOUNT, "\"kms:*\""),
            "{\"Sid\":\"No signing\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"kms:Sign\",\"Resource\":\"*\"}");

    assertEquals(
        Optional.of("key policy, statement 1"),
        decide(Callers.root(), Operation.DECRYPT, policy).decider());
    assertEquals(
        Optional.of("key policy, statement 2 \"No signing\""),
        decide(Callers.root(), Operation.SIGN, policy).decider());
    assertEquals(
        Optional.empty(), decide(Callers.user("bob"), Operation.DECRYPT, policy).decider());
  }

  @Test
  void refusalsReadLikeThoseOfAKeyThatDoesNotExist() {
    Identity alice = Callers.alice();
    String unknown = Authorizer.refusal(alice.principal(), Operation.DECRYPT).reason();

    for (String policy :
        new String[] {
          allow(ALICE, "kms:Encrypt"),
          document(statement("Deny", "\"*\"", "\"kms:*\"")),
          allow("{\"AWS\":\"444455556666\"}", "kms:*")
        }) {
      KmsException.AccessDenied refusal =
          assertThrows(
              KmsException.AccessDenied.class,
              () -> decide(alice, Operation.DECRYPT, policy).orThrow());
      assertEquals(unknown, refusal.getMessage());
    }
    assertEquals(
        "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt on"
            + " this resource because the resource does not exist or no key policy allows the"
            + " action",
        unknown);
  }

  @Test
  void rootOfAnotherAccountMayDoNothingInThisOne() {
    Identity stranger = Callers.rootOfAnotherAccount();

    assertFalse(
        Authorizer.decideInAccount(
                stranger, Requests.inAccount(stranger, Operation.LIST_ALIASES), ACCOUNT)
            .isAllowed());
  }

  @Test
  void policiesSayNothingAboutOperationsOfTheAccount() {
    Identity root = Callers.root();

    assertThrows(
        IllegalArgumentException.class,
        () -> decide(root, Operation.CREATE_KEY, KeyPolicy.defaultFor(ACCOUNT).text()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Authorizer.decideInAccount(root, Requests.onKey(root, Operation.DECRYPT), ACCOUNT));
  }

  static String allow(String principal, String action) {
    return document(statement("Allow", principal, "\"" + action + "\""));
  }

  static String statement(String effect, String principal, String action) {
    return "{\"Effect\":\""
        + effect
        + "\",\"Principal\":"
        + principal
        + ",\"Action\":"
        + action
        + ",\"Resource\":\"*\"}";
  }

  static String document(String... statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
  }

  private static Decision decide(Identity caller, Operation operation, String policy) {
    return Requests.decide(caller, operation, policy);
  }

  private static void assertAllowed(Identity caller, Operation operation, String policy) {
    assertTrue(decide(caller, operation, policy).isAllowed(), policy);
  }

  private static void assertDenied(Identity caller, Operation operation, String policy) {
    assertFalse(decide(caller, operation, policy).isAllowed(), policy);
  }
}
