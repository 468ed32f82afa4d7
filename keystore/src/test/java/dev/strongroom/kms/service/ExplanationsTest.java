// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplanationsTest extends AliceScene {
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext TENANT_A = EncryptionContext.of(Map.of("tenant", "a"));
  private static final EncryptionContext TENANT_B = EncryptionContext.of(Map.of("tenant", "b"));
  private static final Pattern REQUEST_ID = Pattern.compile("--request-id ([0-9a-f-]{36})'$");

  private static final String TENANT_A_ONLY =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Sid": "Admins", "Effect": "Allow", "Principal": {"AWS": "000000000000"},
         "Action": "kms:*", "Resource": "*"},
        {"Sid": "Users", "Effect": "Allow",
         "Principal": {"AWS": "arn:aws:iam::000000000000:user/alice"},
         "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*",
         "Condition": {"StringEquals": {"kms:EncryptionContext:tenant": "a"}}}]}""";

  @BeforeEach
  void makeKeyAndUser() {
    kms.putKeyPolicy(root, key, TENANT_A_ONLY);
  }

  @Test
  void explanationSaysByWhichStatementACallIsLetThrough() {
    ExplainResult result = kms.explain(root, decrypt(key).with(TENANT_A));

    assertTrue(result.isAllowed());
    assertEquals(Optional.of("key policy, statement 2 \"Users\""), result.decidedBy());
    assertEquals(List.of(), result.changes());
    assertEquals(kms.describeKey(root, key).arn().text(), result.keyArn().orElseThrow());
  }

  @Test
  void explanationSaysWhichClauseFailedAndTheLeastThatWouldAllowIt() {
    ExplainResult result = kms.explain(root, decrypt(key).with(TENANT_B));

    assertEquals(
        List.of(
            "StringEquals kms:EncryptionContext:tenant \"a\" does not hold: the request has \"b\""),
        result.findings().get(1).failures());
    assertEquals(
        List.of(
            "call with another encryption context, so that StringEquals"
                + " kms:EncryptionContext:tenant \"a\" holds; the request has \"b\""),
        result.changes());
  }

  @Test
  void whatAnExplanationSaysIsWhatHappens() {
    byte[] blob = kms.encrypt(alice, key, SYMMETRIC, new byte[] {1}, TENANT_A).ciphertextBlob();

    for (EncryptionContext context : List.of(TENANT_A, TENANT_B, EncryptionContext.EMPTY)) {
      boolean explained = kms.explain(root, decrypt(key).with(context)).isAllowed();
      assertEquals(
          explained, isLetThrough(() -> kms.decrypt(alice, key, SYMMETRIC, blob, context)));
    }
  }

  private static boolean isLetThrough(Runnable call) {
    try {
      call.run();
      return true;
    } catch (KmsException.AccessDenied e) {
      return false;
    }
  }

  @Test
  void refusedCallerIsToldAnIdThatLeadsAnAdministratorToTheReason() {
    UUID id = refusedId(() -> kms.encrypt(alice, key, SYMMETRIC, new byte[] {1}, TENANT_B));

    ExplainResult result = kms.explainRequest(root, id);

    assertEquals(ALICE, result.callerArn());
    assertEquals(Operation.ENCRYPT, result.operation());
    assertFalse(result.isAllowed());
    assertTrue(result.changes().get(0).contains("tenant"), result.text());
    assertTrue(result.notes().get(0).contains("policies and grants are those of now"));
  }

  @Test
  void explanationOfAnOldRequestGoesByThePoliciesOfNow() {
    UUID id = refusedId(() -> kms.encrypt(alice, key, SYMMETRIC, new byte[] {1}, TENANT_B));

    kms.putKeyPolicy(root, key, TENANT_A_ONLY.replace("tenant\": \"a", "tenant\": \"b"));

    assertTrue(kms.explainRequest(root, id).isAllowed());
  }

  @Test
  void halvesOfAReEncryptionAreExplainedAsWhatTheyAre() {
    byte[] blob = kms.encrypt(alice, key, SYMMETRIC, new byte[] {1}, TENANT_A).ciphertextBlob();
    ReEncryptRequest request =
        new ReEncryptRequest(Optional.empty(), SYMMETRIC, TENANT_A, key, SYMMETRIC, TENANT_A);

    UUID id = refusedId(() -> kms.reEncrypt(alice, blob, request));

    assertEquals(Operation.RE_ENCRYPT_FROM, kms.explainRequest(root, id).operation());
  }

  @Test
  void callsThatAreAboutNoKeyAreExplainedToo() {
    UUID id = refusedId(() -> kms.createKey(alice, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)));

    ExplainResult result = kms.explainRequest(root, id);

    assertEquals(Operation.CREATE_KEY, result.operation());
    assertEquals(
        List.of(
            "give arn:aws:iam::000000000000:user/alice an identity policy with this statement:"
                + " {\"Effect\":\"Allow\",\"Action\":\"kms:CreateKey\",\"Resource\":\"*\"}"),
        result.changes());
    assertTrue(
        kms.explain(root, ExplainRequest.inAccount(ALICE, Operation.LIST_ALIASES)).isAllowed());
  }

  @Test
  void callsOnIdentitiesAreExplainedByWhatTheyAreAbout() {
    UUID id = refusedId(() -> kms.iam().createAccessKey(alice, "bob"));
    String bob = "arn:aws:iam::000000000000:user/bob";
    String statement =
        "{\"Effect\":\"Allow\",\"Action\":\"iam:CreateAccessKey\",\"Resource\":\"" + bob + "\"}";

    assertEquals(
        List.of("give " + ALICE + " an identity policy with this statement: " + statement),
        kms.explainRequest(root, id).changes());
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "alice",
            "keys-of-bob",
            "{\"Version\":\"2012-10-17\",\"Statement\":" + statement + "}");

    assertTrue(kms.explainRequest(root, id).isAllowed());
    ExplainRequest again = ExplainRequest.inAccount(ALICE, Operation.CREATE_ACCESS_KEY);
    assertTrue(kms.explain(root, again.about(bob)).isAllowed());
    assertFalse(kms.explain(root, again.about(ALICE)).isAllowed());
    assertFalse(kms.explain(root, again).isAllowed());
  }

  @Test
  void unknownKeysAreExplainedByTheNameThatTheCallerUsed() {
    UUID id = refusedId(() -> kms.describeKey(alice, new Alias("alias/nowhere")));

    ExplainResult result = kms.explainRequest(root, id);

    assertEquals(List.of("name a key that there is: \"alias/nowhere\" is none"), result.changes());
  }

  @Test
  void disabledKeysAreNamedBesideTheDecision() {
    kms.disableKey(root, key);

    ExplainResult result = kms.explain(root, decrypt(key).with(TENANT_A));

    assertTrue(result.isAllowed());
    assertTrue(result.notes().get(0).contains("is disabled"), result.text());
  }

  @Test
  void onlyWhoMayExplainIsToldAnything() {
    UUID ofKnown = refusedId(() -> kms.describeKey(alice, key));
    UUID ofUnknown = refusedId(() -> kms.describeKey(alice, new KeyId(UUID.randomUUID())));
    UUID ofNothing = UUID.randomUUID();

    String forbidden = refusal(() -> kms.explainRequest(alice, ofKnown));

    assertEquals(forbidden, refusal(() -> kms.explainRequest(alice, ofUnknown)));
    assertEquals(forbidden, refusal(() -> kms.explainRequest(alice, ofNothing)));
    assertEquals(forbidden, refusal(() -> kms.explain(alice, decrypt(key))));
    assertThrows(KmsException.NotFound.class, () -> kms.explainRequest(root, ofNothing));
  }

  @Test
  void administratorOfAKeyMayExplainItsRefusals() {
    kms.putKeyPolicy(
        root,
        key,
        TENANT_A_ONLY
            .replace("\"kms:Encrypt\"", "\"kms:Explain\", \"kms:Encrypt\"")
            .replace(
                "\"Condition\": {\"StringEquals\": {\"kms:EncryptionContext:tenant\": \"a\"}}",
                "\"Condition\": {}"));
    Caller bob = fixture.user("bob");
    UUID id = refusedId(() -> kms.describeKey(bob, key));

    assertEquals(bob.arn(), kms.explainRequest(alice, id).callerArn());
  }

  @Test
  void namesOfNobodyAreRefused() {
    assertThrows(
        KmsException.NotFound.class,
        () ->
            kms.explain(
                root,
                ExplainRequest.of(
                    "arn:aws:iam::000000000000:user/nobody", Operation.DECRYPT, key)));
  }

  private ExplainRequest decrypt(KeyRef ref) {
    return ExplainRequest.of(ALICE, Operation.DECRYPT, ref);
  }

  private static String refusal(Runnable call) {
    KmsException.AccessDenied refusal = assertThrows(KmsException.AccessDenied.class, call::run);
    return String.valueOf(refusal.getMessage()).replaceAll("[0-9a-f-]{36}", "ID");
  }

  private static UUID refusedId(Runnable call) {
    KmsException.AccessDenied refusal = assertThrows(KmsException.AccessDenied.class, call::run);
    Matcher id = REQUEST_ID.matcher(String.valueOf(refusal.getMessage()));
    assertTrue(id.find(), refusal.getMessage());
    return UUID.fromString(id.group(1));
  }
}
