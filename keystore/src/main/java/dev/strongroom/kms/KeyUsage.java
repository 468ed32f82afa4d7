// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What a KMS key may be used for: one thing, chosen when it is made, by AWS's names. */
public enum KeyUsage {
  ENCRYPT_DECRYPT,
  SIGN_VERIFY,
  GENERATE_VERIFY_MAC,
  KEY_AGREEMENT
}
