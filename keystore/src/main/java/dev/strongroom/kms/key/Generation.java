// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.time.Instant;

/**
 * One generation of a KMS key's material at rest: rotation adds one, and the older ones only
 * decrypt. Holds no secret in clear.
 */
public final class Generation {
  private final KeyMaterialId materialId;
  private final byte[] token;
  private final byte[] publicKey;
  private final Instant creationDate;

  /**
   * Copies the arrays.
   *
   * @param token an encoded key token, see KeyToken
   * @param publicKey DER SubjectPublicKeyInfo; empty for symmetric and HMAC keys
   */
  public Generation(
      KeyMaterialId materialId, byte[] token, byte[] publicKey, Instant creationDate) {
    this.materialId = materialId;
    this.token = token.clone();
    this.publicKey = publicKey.clone();
    this.creationDate = creationDate;
  }

  public KeyMaterialId materialId() {
    return materialId;
  }

  /** Returns a copy of the encoded key token. */
  public byte[] token() {
    return token.clone();
  }

  /** Returns a copy of the DER SubjectPublicKeyInfo; empty for symmetric and HMAC keys. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  public Instant creationDate() {
    return creationDate;
  }
}
