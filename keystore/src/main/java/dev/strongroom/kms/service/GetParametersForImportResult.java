// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import java.time.Instant;

/** What GetParametersForImport gives: a key to wrap material under, and the token of it. */
public final class GetParametersForImportResult {
  private final KeyArn key;
  private final byte[] publicKey;
  private final byte[] importToken;
  private final Instant validTo;

  /** Takes ownership of the arrays. */
  GetParametersForImportResult(KeyArn key, byte[] publicKey, byte[] importToken, Instant validTo) {
    this.key = key;
    this.publicKey = publicKey;
    this.importToken = importToken;
    this.validTo = validTo;
  }

  public KeyArn key() {
    return key;
  }

  /** Returns a copy of the RSA public key, a DER SubjectPublicKeyInfo. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** Returns a copy of the token, which ImportKeyMaterial wants; up to 6144 bytes, no secret. */
  public byte[] importToken() {
    return importToken.clone();
  }

  /** Returns until when both are good: 24 hours. */
  public Instant validTo() {
    return validTo;
  }
}
