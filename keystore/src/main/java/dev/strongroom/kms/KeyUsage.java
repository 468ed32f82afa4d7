// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What a KMS key may be used for: one thing, chosen when it is made, by AWS's names. */
public enum KeyUsage {
  ENCRYPT_DECRYPT,
  SIGN_VERIFY,
  GENERATE_VERIFY_MAC,
  KEY_AGREEMENT,
  /**
   * Receives secrets that others encapsulate. Not in AWS; named as in Google's KMS, and not
   * KEY_AGREEMENT: only one side contributes, and a policy for one should not allow the other.
   */
  KEY_ENCAPSULATION
}
