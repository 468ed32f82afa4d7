// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyRef;
import java.time.Instant;
import java.util.Optional;

/** What ImportKeyMaterial is given. Immutable; arrays are copied. */
public final class ImportKeyMaterialRequest {
  private final KeyRef key;
  private final byte[] importToken;
  private final byte[] encryptedKeyMaterial;
  private final Optional<Instant> validTo;
  private final Optional<ImportType> type;
  private final Optional<String> keyMaterialId;
  private final String description;

  private ImportKeyMaterialRequest(
      KeyRef key,
      byte[] importToken,
      byte[] encryptedKeyMaterial,
      Optional<Instant> validTo,
      Optional<ImportType> type,
      Optional<String> keyMaterialId,
      String description) {
    this.key = key;
    this.importToken = importToken;
    this.encryptedKeyMaterial = encryptedKeyMaterial;
    this.validTo = validTo;
    this.type = type;
    this.keyMaterialId = keyMaterialId;
    this.description = description;
  }

  /**
   * Returns a request for material that does not expire: new where the key never had any, the same
   * again where it had.
   *
   * @param importToken as {@link GetParametersForImportResult#importToken} gave it
   * @param encryptedKeyMaterial wrapped under the public key that came with the token: a secret of
   *     exactly the spec's length, or a private key in PKCS#8
   */
  public static ImportKeyMaterialRequest of(
      KeyRef key, byte[] importToken, byte[] encryptedKeyMaterial) {
    return new ImportKeyMaterialRequest(
        key,
        importToken.clone(),
        encryptedKeyMaterial.clone(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /** For material that expires, at most 365 days from now. */
  public ImportKeyMaterialRequest expiring(Instant end) {
    return new ImportKeyMaterialRequest(
        key, importToken, encryptedKeyMaterial, Optional.of(end), type, keyMaterialId, description);
  }

  public ImportKeyMaterialRequest withType(ImportType newType) {
    return new ImportKeyMaterialRequest(
        key,
        importToken,
        encryptedKeyMaterial,
        validTo,
        Optional.of(newType),
        keyMaterialId,
        description);
  }

  /** Demands that it is the material of that id: 64 hexadecimal digits. */
  public ImportKeyMaterialRequest withKeyMaterialId(String id) {
    return new ImportKeyMaterialRequest(
        key, importToken, encryptedKeyMaterial, validTo, type, Optional.of(id), description);
  }

  /** With a description of the material, up to 256 characters. */
  public ImportKeyMaterialRequest withDescription(String text) {
    return new ImportKeyMaterialRequest(
        key, importToken, encryptedKeyMaterial, validTo, type, keyMaterialId, text);
  }

  public KeyRef key() {
    return key;
  }

  byte[] importToken() {
    return importToken;
  }

  byte[] encryptedKeyMaterial() {
    return encryptedKeyMaterial;
  }

  /** Returns from when on the material is unusable; empty for never. */
  public Optional<Instant> validTo() {
    return validTo;
  }

  public Optional<ImportType> type() {
    return type;
  }

  public Optional<String> keyMaterialId() {
    return keyMaterialId;
  }

  public String description() {
    return description;
  }
}
