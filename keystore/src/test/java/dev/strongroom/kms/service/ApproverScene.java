// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.ApprovalRequest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** Two users who approve, with a key here or elsewhere, and a key that approvals guard. */
abstract class ApproverScene {
  static final Duration HOUR = Duration.ofHours(1);

  final KmsFixture fixture;
  final Kms kms;
  final Caller root;
  final Caller alice;
  final Caller bob;

  /** A key that the root made. */
  final KeyId key;

  ApproverScene(Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    alice = fixture.user("alice");
    bob = fixture.user("bob");
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static ApproverKey elsewhere(Caller approver, KeyPair pair) {
    return ApproverKey.elsewhere(approver.arn(), pair.getPublic().getEncoded());
  }

  /** Makes a key that an approver signs with. */
  KeyId signingKey(Caller owner) {
    return fixture.key(
        CreateKeyRequest.of(CmkSpec.ECC_NIST_P256)
            .withUsage(KeyUsage.SIGN_VERIFY)
            .withPolicy(policy(owner, "kms:Sign")));
  }

  static String policy(Caller user, String action) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s", "Resource": "*"}]}"""
        .formatted(user.arn(), action);
  }

  /** Approves with a key that is not in the KMS. */
  void approve(Caller approver, KeyPair pair, UUID id) throws GeneralSecurityException {
    ApprovalRequest request = kms.describeApprovalRequest(approver, id);
    kms.approve(approver, id, SigningAlgorithm.ED25519_SHA_512, signature(pair, request));
  }

  static byte[] signature(KeyPair pair, ApprovalRequest request) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(request.statement());
    return signer.sign();
  }
}
