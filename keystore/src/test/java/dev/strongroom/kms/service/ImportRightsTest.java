// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.approval.ApprovalRequest;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may bring material and delete it: condition keys, and approvals of others. */
class ImportRightsTest {
  private KmsFixture fixture;
  private Kms kms;
  private Caller root;
  private Caller alice;
  private KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    alice = fixture.user("alice");
    key =
        fixture.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withOrigin(KeyOrigin.EXTERNAL));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void allow(String action, String condition) {
    kms.putKeyPolicy(
        root,
        key,
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:%s", "Resource": "*",
           "Condition": %s}]}"""
            .formatted(root.arn(), alice.arn(), action, condition));
  }

  private void parameters(WrappingAlgorithm algorithm, CmkSpec spec) {
    kms.getParametersForImport(alice, key, algorithm, spec);
  }

  @Test
  void policyCanDemandHowMaterialIsWrapped() {
    allow(
        "GetParametersForImport",
        """
        {"StringEquals": {"kms:WrappingAlgorithm": "RSA_AES_KEY_WRAP_SHA_256",
          "kms:WrappingKeySpec": "RSA_3072", "kms:KeyOrigin": "EXTERNAL"}}""");

    parameters(WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_3072);

    assertThrows(
        KmsException.AccessDenied.class,
        () -> parameters(WrappingAlgorithm.RSAES_OAEP_SHA_1, CmkSpec.RSA_3072));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> parameters(WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_2048));
  }

  @Test
  void policyCanDemandThatMaterialExpiresSoon() {
    Instant now = Instant.now();
    allow(
        "ImportKeyMaterial",
        """
        {"StringEquals": {"kms:ExpirationModel": "KEY_MATERIAL_EXPIRES"},
         "DateLessThan": {"kms:ValidTo": "%s"}}"""
            .formatted(now.plus(Duration.ofDays(30)).toString()));
    ImportKeyMaterialRequest request =
        new Importer(kms, root).request(key, Materials.of(CmkSpec.SYMMETRIC_DEFAULT));

    assertThrows(KmsException.AccessDenied.class, () -> kms.importKeyMaterial(alice, request));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.importKeyMaterial(alice, request.expiring(now.plus(Duration.ofDays(31)))));
    kms.importKeyMaterial(alice, request.expiring(now.plus(Duration.ofDays(29))));
    assertEquals(KeyState.ENABLED, kms.describeKey(root, key).state());
  }

  @Test
  void whoMayDoNothingWithTheKeyLearnsNothingOfItsState() {
    assertThrows(
        KmsException.AccessDenied.class,
        () -> parameters(WrappingAlgorithm.RSAES_OAEP_SHA_256, CmkSpec.RSA_2048));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.deleteImportedKeyMaterial(alice, DeleteImportedKeyMaterialRequest.of(key)));
  }

  @Test
  void ruleCanGuardTheDeletionOfMaterial() throws Exception {
    new Importer(kms, root).bring(key, Materials.of(CmkSpec.SYMMETRIC_DEFAULT));
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    kms.putApprovalRule(
        root,
        key,
        kms.approvalRule(
            root,
            1,
            List.of(ApproverScene.elsewhere(alice, pair)),
            Set.of("DeleteImportedKeyMaterial")));
    DeleteImportedKeyMaterialRequest request =
        DeleteImportedKeyMaterialRequest.of(key).withUndoWindow(7);
    assertThrows(
        KmsException.ApprovalRequired.class, () -> kms.deleteImportedKeyMaterial(root, request));

    ApprovalRequest asked = kms.requestApproval(root, key, request.proposal(), Duration.ofHours(1));
    kms.approve(
        alice, asked.id(), SigningAlgorithm.ED25519_SHA_512, ApproverScene.signature(pair, asked));

    assertThrows(
        KmsException.ApprovalRequired.class,
        () -> kms.deleteImportedKeyMaterial(root, DeleteImportedKeyMaterialRequest.of(key)));
    kms.deleteImportedKeyMaterial(root, request);
    assertEquals(KeyState.PENDING_IMPORT, kms.describeKey(root, key).state());
  }
}
