// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KeyArn;

/** What ReEncrypt returns. Holds no secret. */
public final class ReEncryptResult {
  private final KeyArn sourceKey;
  private final EncryptionAlgorithm sourceAlgorithm;
  private final String sourceKeyMaterialId;
  private final EncryptResult encrypted;

  /** Takes ownership of {@code encrypted}. */
  public ReEncryptResult(
      KeyArn sourceKey,
      EncryptionAlgorithm sourceAlgorithm,
      String sourceKeyMaterialId,
      EncryptResult encrypted) {
    this.sourceKey = sourceKey;
    this.sourceAlgorithm = sourceAlgorithm;
    this.sourceKeyMaterialId = sourceKeyMaterialId;
    this.encrypted = encrypted;
  }

  /** Returns the key that decrypted. */
  public KeyArn sourceKey() {
    return sourceKey;
  }

  public EncryptionAlgorithm sourceAlgorithm() {
    return sourceAlgorithm;
  }

  /** Returns the generation of key material that decrypted: 64 hexadecimal digits. */
  public String sourceKeyMaterialId() {
    return sourceKeyMaterialId;
  }

  /** Returns the generation of key material that encrypted. */
  public String keyMaterialId() {
    return encrypted.keyMaterialId();
  }

  /** Returns the key that encrypted. */
  public KeyArn key() {
    return encrypted.key();
  }

  public EncryptionAlgorithm algorithm() {
    return encrypted.algorithm();
  }

  /** Returns the new ciphertext blob; the array belongs to the receiver of this result. */
  public byte[] ciphertextBlob() {
    return encrypted.ciphertextBlob();
  }
}
