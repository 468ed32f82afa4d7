// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/** What GenerateDataKeyPair returns. Holds a private key: {@link #destroy()} it when done. */
public final class GenerateDataKeyPairResult implements Destroyable {
  private final KeyArn key;
  private final String keyMaterialId;
  private final CmkSpec pairSpec;
  private final byte[] publicKey;
  private final byte[] privateKey;
  private final byte[] privateKeyCiphertext;
  private boolean destroyed;

  /**
   * Takes ownership of the arrays.
   *
   * @param privateKey empty for GenerateDataKeyPairWithoutPlaintext
   */
  public GenerateDataKeyPairResult(
      KeyArn key,
      String keyMaterialId,
      CmkSpec pairSpec,
      byte[] publicKey,
      byte[] privateKey,
      byte[] privateKeyCiphertext) {
    this.key = key;
    this.keyMaterialId = keyMaterialId;
    this.pairSpec = pairSpec;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.privateKeyCiphertext = privateKeyCiphertext;
  }

  /** Returns the key under which the private key is encrypted. */
  public KeyArn key() {
    return key;
  }

  /** Returns the generation of key material that encrypted: 64 hexadecimal digits. */
  public String keyMaterialId() {
    return keyMaterialId;
  }

  public CmkSpec pairSpec() {
    return pairSpec;
  }

  /** Returns the public key as a DER SubjectPublicKeyInfo. */
  public byte[] publicKey() {
    return publicKey;
  }

  /** Returns the private key as DER PKCS#8 (RFC 5958); empty where it was not asked for. */
  public byte[] privateKey() {
    if (destroyed) {
      throw new IllegalStateException("The private key was destroyed");
    }
    return privateKey;
  }

  /** Returns the encrypted copy of the PKCS#8 private key; Decrypt opens it. */
  public byte[] privateKeyCiphertextBlob() {
    return privateKeyCiphertext;
  }

  @Override
  public void destroy() {
    Arrays.fill(privateKey, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }
}
