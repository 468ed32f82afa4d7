// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest extends AliceScene {
  private static final String FOR_ALICE =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "000000000000"},
         "Action": "kms:*", "Resource": "*"},
        {"Sid": "Users", "Effect": "Allow", "Principal": {"AWS": "%s"},
         "Action": "kms:Decrypt", "Resource": "*"}]}"""
          .formatted(ALICE);

  @Test
  void policyIsTriedWithoutBeingPut() {
    String before = kms.getKeyPolicy(root, key);

    ExplainResult tried = kms.simulateKeyPolicy(root, FOR_ALICE, decrypt());

    assertTrue(tried.isAllowed());
    assertEquals("key policy, statement 2 \"Users\"", tried.decidedBy().orElseThrow());
    assertEquals(List.of("this policy was not put"), tried.notes());
    assertEquals(before, kms.getKeyPolicy(root, key));
    assertFalse(kms.explain(root, decrypt()).isAllowed());
  }

  @Test
  void simulationSaysWhatHappensOnceThePolicyIsPut() {
    ExplainResult tried = kms.simulateKeyPolicy(root, FOR_ALICE, decrypt());

    kms.putKeyPolicy(root, key, FOR_ALICE);

    ExplainResult put = kms.explain(root, decrypt());
    assertEquals(tried.findings(), put.findings());
    assertEquals(tried.decidedBy(), put.decidedBy());
  }

  @Test
  void policyIsRefusedInTheWordsInWhichItWouldBeRefusedWhenPut() {
    String wrong = FOR_ALICE.replace("kms:Decrypt", "kms:Decrpyt");

    KmsException put =
        assertThrows(
            KmsException.MalformedPolicyDocument.class, () -> kms.putKeyPolicy(root, key, wrong));
    KmsException tried =
        assertThrows(
            KmsException.MalformedPolicyDocument.class,
            () -> kms.simulateKeyPolicy(root, wrong, decrypt()));

    assertEquals(put.getMessage(), tried.getMessage());
    assertTrue(String.valueOf(put.getMessage()).startsWith("Line 5, column 14"), put.getMessage());
  }

  @Test
  void policyThatWouldLockEverybodyOutIsTriedWithAWarning() {
    String onlyAlice = FOR_ALICE.replace("\"kms:*\"", "\"kms:Describe*\"");

    ExplainResult tried = kms.simulateKeyPolicy(root, onlyAlice, decrypt());

    assertTrue(tried.isAllowed());
    assertTrue(
        tried.notes().get(1).startsWith("put-key-policy would refuse it: The new key policy"),
        tried.text());
  }

  @Test
  void keyPoliciesSayNothingAboutOperationsOnNoKey() {
    assertThrows(
        KmsException.Validation.class,
        () ->
            kms.simulateKeyPolicy(
                root, FOR_ALICE, ExplainRequest.inAccount(ALICE, Operation.CREATE_KEY)));
  }

  @Test
  void whoMayNotTryPoliciesLearnsNothingAboutThem() {
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.simulateKeyPolicy(alice, "not even JSON", decrypt()));
  }

  private ExplainRequest decrypt() {
    return ExplainRequest.of(ALICE, Operation.DECRYPT, key);
  }
}
