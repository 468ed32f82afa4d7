// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;

/**
 * The algorithm suites of messages: AES-256-GCM under a key derived by HKDF-SHA512, with key
 * commitment, unsigned or signed. The names and numbers are the AWS Encryption SDK's.
 */
public enum EnvelopeSuite {
  /** The default. Whoever can decrypt could also have written the message. */
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY(0x0478),

  /**
   * Signed with a key pair of the message's own, whose public key is in the encryption context: who
   * can only decrypt can't forge. One SHA-384 over everything, on one core.
   */
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384(0x0578);

  private final int id;

  EnvelopeSuite(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  boolean isSigned() {
    return this == AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384;
  }

  /**
   * @throws KmsException.UnsupportedOperation if it is neither of the two
   */
  static EnvelopeSuite of(int id) {
    for (EnvelopeSuite suite : values()) {
      if (suite.id == id) {
        return suite;
      }
    }
    throw new KmsException.UnsupportedOperation(
        String.format(
            "The message says algorithm suite 0x%04x; 0x0478 and 0x0578 are read, which commit to"
                + " their key. Decrypt an older message with the AWS Encryption SDK and encrypt it"
                + " again; if it is none, it was damaged.",
            id));
  }
}
