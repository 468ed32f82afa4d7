// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KeyArn;

/** What Encrypt and GenerateDataKeyWithoutPlaintext return. Holds no secret. */
public final class EncryptResult {
  private final KeyArn key;
  private final String keyMaterialId;
  private final EncryptionAlgorithm algorithm;
  private final byte[] ciphertext;

  /** Takes ownership of {@code ciphertext}. */
  public EncryptResult(
      KeyArn key, EncryptionAlgorithm algorithm, String keyMaterialId, byte[] ciphertext) {
    this.key = key;
    this.keyMaterialId = keyMaterialId;
    this.algorithm = algorithm;
    this.ciphertext = ciphertext;
  }

  /** Returns the key that encrypted. */
  public KeyArn key() {
    return key;
  }

  public EncryptionAlgorithm algorithm() {
    return algorithm;
  }

  /** Returns the generation of key material that encrypted: 64 hexadecimal digits. */
  public String keyMaterialId() {
    return keyMaterialId;
  }

  /** Returns the ciphertext blob; the array belongs to the receiver of this result. */
  public byte[] ciphertextBlob() {
    return ciphertext;
  }
}
