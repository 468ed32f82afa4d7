// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.RotationType;
import java.time.Instant;
import java.util.Optional;

/**
 * One generation of a KMS key's material at rest: rotation adds one, and the older ones only
 * decrypt. Holds no secret in clear.
 */
public final class Generation {
  private final KeyMaterialId materialId;
  private final byte[] token;
  private final byte[] publicKey;
  private final Instant creationDate;
  private final Optional<RotationType> rotation;

  /**
   * Copies the arrays.
   *
   * @param token an encoded key token, see KeyToken
   * @param publicKey DER SubjectPublicKeyInfo; empty for symmetric and HMAC keys
   */
  public Generation(
      KeyMaterialId materialId, byte[] token, byte[] publicKey, Instant creationDate) {
    this(materialId, token, publicKey, creationDate, Optional.empty());
  }

  /**
   * Copies the arrays.
   *
   * @param rotation what had it made; empty for the first one of a key
   */
  public Generation(
      KeyMaterialId materialId,
      byte[] token,
      byte[] publicKey,
      Instant creationDate,
      Optional<RotationType> rotation) {
    this.materialId = materialId;
    this.token = token.clone();
    this.publicKey = publicKey.clone();
    this.creationDate = creationDate;
    this.rotation = rotation;
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

  /** Returns what had it made; empty for the first one of a key. */
  public Optional<RotationType> rotation() {
    return rotation;
  }

  /** Returns this generation as one that a rotation made. */
  public Generation madeBy(RotationType type) {
    return new Generation(materialId, token, publicKey, creationDate, Optional.of(type));
  }
}
