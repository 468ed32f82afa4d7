// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What a dry run leaves out, by AWS's names. */
public enum DryRunModifier {
  /**
   * Decrypt and ReEncrypt look at no ciphertext: whether the caller may use the key is tried, which
   * it then has to name.
   */
  IGNORE_CIPHERTEXT
}
