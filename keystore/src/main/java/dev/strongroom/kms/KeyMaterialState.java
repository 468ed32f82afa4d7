// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What one generation of a key's material does, by AWS's names. */
public enum KeyMaterialState {
  /** It encrypts and decrypts. */
  CURRENT,
  /** It decrypts what was encrypted before. */
  NON_CURRENT,
  /** It was imported, and encrypts after the next rotation. */
  PENDING_ROTATION
}
