// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Where key material came from, by AWS's names. */
public enum KeyOrigin {
  /** Made by this KMS. */
  AWS_KMS,
  /** Made elsewhere and imported; others may have copies. */
  EXTERNAL,
  /** Made in the token of a custom key store, which it never leaves. */
  AWS_CLOUDHSM
}
