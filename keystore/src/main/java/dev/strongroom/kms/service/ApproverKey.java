// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import java.util.Optional;

/**
 * Who shall approve, and with which key: one of this KMS, or the public half of one elsewhere.
 *
 * @param principalArn as {@code arn:aws:iam::000000000000:user/alice}
 */
public record ApproverKey(String principalArn, Optional<KeyRef> key, Optional<byte[]> publicKey) {

  /** Somebody who approves with a KMS key of usage SIGN_VERIFY, and kms:Sign on it. */
  public static ApproverKey of(String principalArn, KeyRef key) {
    return new ApproverKey(principalArn, Optional.of(key), Optional.empty());
  }

  /**
   * Somebody who signs elsewhere.
   *
   * @param publicKey DER SubjectPublicKeyInfo of RSA, P-256, P-384, P-521 or Ed25519; kept
   */
  public static ApproverKey elsewhere(String principalArn, byte[] publicKey) {
    return new ApproverKey(principalArn, Optional.empty(), Optional.of(publicKey));
  }
}
