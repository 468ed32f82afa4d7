// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody needs who makes a key with a name. */
class CreateKeyRightsTest extends AliceScene {
  private static final CreateKeyRequest BARE = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);

  @BeforeEach
  void makeUser() {
    allow("kms:CreateKey", "*");
  }

  private void allow(String action, String resource) {
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "alice",
            "allow-" + action.replace("kms:", ""),
            """
            {"Version": "2012-10-17", "Statement":
              {"Effect": "Allow", "Action": "%s", "Resource": "%s"}}"""
                .formatted(action, resource));
  }

  private static CreateKeyRequest named(String alias) {
    return BARE.withAlias(new Alias(alias));
  }

  @Test
  void nameTakesTheRightToGiveThatName() {
    kms.createKey(alice, BARE);
    KmsException refusal =
        assertThrows(
            KmsException.AccessDenied.class, () -> kms.createKey(alice, named("alias/blue-app")));
    assertTrue(String.valueOf(refusal.getMessage()).contains("kms:CreateAlias"));

    allow("kms:CreateAlias", "arn:aws:kms:*:*:alias/blue-*");

    kms.createKey(alice, named("alias/blue-app"));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.createKey(alice, named("alias/payroll")));
  }

  @Test
  void explanationSaysThatTheRightToGiveTheNameIsMissing() {
    ExplainRequest create = ExplainRequest.inAccount(ALICE, Operation.CREATE_KEY);

    ExplainResult result = kms.explain(root, create.with(Map.of("aliasName", "alias/payroll")));

    assertFalse(result.isAllowed());
    assertEquals(Operation.CREATE_ALIAS, result.operation());
    assertTrue(kms.explain(root, create).isAllowed());
  }

  @Test
  void reservedNameIsRefused() {
    assertThrows(
        KmsException.Validation.class, () -> kms.createKey(root, named("alias/aws/storage")));
  }

  @Test
  void nameIsOnRecord() {
    kms.createKey(root, named("alias/payroll"));

    assertTrue(
        kms.lookupEvents(root, AuditQuery.newest(10)).stream()
            .filter(record -> record.eventName().equals("CreateKey"))
            .anyMatch(record -> "alias/payroll".equals(record.parameters().get("aliasName"))));
  }
}
