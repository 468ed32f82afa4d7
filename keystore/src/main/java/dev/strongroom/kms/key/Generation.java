// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.RotationType;
import java.time.Instant;
import java.util.Optional;

/**
 * One generation of a KMS key's material at rest: rotation adds one, and the older ones only
 * decrypt and verify. Holds no secret in clear.
 */
public final class Generation {
  private final KeyMaterialId materialId;
  private final byte[] token;
  private final byte[] publicKey;
  private final Instant creationDate;
  private final Optional<RotationType> rotation;
  private final Optional<ImportedMaterial> imported;

  /**
   * Copies the arrays.
   *
   * @param token an encoded key token, see KeyToken
   * @param publicKey DER SubjectPublicKeyInfo; empty for symmetric and HMAC keys
   */
  public Generation(
      KeyMaterialId materialId, byte[] token, byte[] publicKey, Instant creationDate) {
    this(materialId, token, publicKey, creationDate, Optional.empty(), Optional.empty());
  }

  /**
   * Copies the arrays.
   *
   * @param token empty where imported material is absent
   * @param rotation what had it made; empty for the first one of a key
   * @param imported what else is known of material that was made elsewhere; empty for other
   */
  public Generation(
      KeyMaterialId materialId,
      byte[] token,
      byte[] publicKey,
      Instant creationDate,
      Optional<RotationType> rotation,
      Optional<ImportedMaterial> imported) {
    this.materialId = materialId;
    this.token = token.clone();
    this.publicKey = publicKey.clone();
    this.creationDate = creationDate;
    this.rotation = rotation;
    this.imported = imported;
  }

  public KeyMaterialId materialId() {
    return materialId;
  }

  /** Returns a copy of the encoded key token. */
  public byte[] token() {
    return token.clone();
  }

  /** Returns whether the material is there; only imported material can be missing. */
  public boolean hasToken() {
    return token.length > 0;
  }

  /** Returns the version of the domain key that the token is under; says not that it is genuine. */
  public int domainVersion() {
    return KeyToken.decode(token).domainVersion();
  }

  /** Returns the same material in another token. */
  public Generation withToken(byte[] newToken) {
    return new Generation(materialId, newToken, publicKey, creationDate, rotation, imported);
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
    return new Generation(materialId, token, publicKey, creationDate, Optional.of(type), imported);
  }

  /** Returns what else is known of material that was made elsewhere. */
  public Optional<ImportedMaterial> imported() {
    return imported;
  }

  /** Returns whether it can be opened: only imported material can be missing. */
  public boolean isUsable() {
    return imported.map(ImportedMaterial::isUsable).orElse(true);
  }

  public boolean isPendingRotation() {
    return imported.filter(ImportedMaterial::isPendingRotation).isPresent();
  }

  /** Returns whether its material is there and to be destroyed at that time. */
  boolean isDue(Instant until) {
    return imported.filter(material -> material.isDue(until)).isPresent();
  }

  /** Returns this generation with something else to say of its material, which stays. */
  public Generation with(ImportedMaterial newState) {
    return new Generation(
        materialId, token, publicKey, creationDate, rotation, Optional.of(newState));
  }

  /** Returns what stays of this generation when its imported material is destroyed. */
  public Generation withoutMaterial() {
    return new Generation(
        materialId,
        new byte[0],
        publicKey,
        creationDate,
        rotation,
        Optional.of(imported.orElseGet(ImportedMaterial::toStay).absent()));
  }

  /** Returns this generation with the material of one that has the same. */
  public Generation withMaterialOf(Generation again) {
    boolean waits = isPendingRotation();
    return new Generation(
        materialId,
        again.token,
        publicKey,
        creationDate,
        rotation,
        again.imported.map(now -> waits ? now.pendingRotation() : now));
  }

  /** Returns this generation as the current one from that time on. */
  public Generation promoted(RotationType type, Instant now) {
    return new Generation(
        materialId,
        token,
        publicKey,
        now,
        Optional.of(type),
        imported.map(ImportedMaterial::promoted));
  }

  /** Returns this generation as it is at that time: expired material is not usable. */
  Generation asOf(Instant now) {
    return imported
        .filter(material -> material.isUsable() && material.isExpired(now))
        .map(material -> with(material.expired()))
        .orElse(this);
  }
}
