// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import java.util.Base64;
import java.util.Optional;

/**
 * Somebody whose approval counts, and the key that signs it.
 *
 * @param principalArn as {@code arn:aws:iam::000000000000:user/alice}
 * @param keyId the KMS key that signs; empty where the approver's key is elsewhere
 * @param spec what kind of key it is
 * @param publicKey its DER SubjectPublicKeyInfo in base64
 */
public record Approver(String principalArn, Optional<KeyId> keyId, CmkSpec spec, String publicKey) {

  /** Returns the DER SubjectPublicKeyInfo. */
  public byte[] publicKeyBytes() {
    return Base64.getDecoder().decode(publicKey);
  }
}
