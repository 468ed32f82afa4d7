// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyMetadata;

/** What GetPublicKey returns. */
public final class GetPublicKeyResult {
  private final KeyMetadata metadata;
  private final byte[] publicKey;

  /** Takes ownership of {@code publicKey}. */
  public GetPublicKeyResult(KeyMetadata metadata, byte[] publicKey) {
    this.metadata = metadata;
    this.publicKey = publicKey;
  }

  /**
   * Returns the key's ARN, spec, usage and algorithms; the key material id is that of the public
   * key, which may be older than the current one.
   */
  public KeyMetadata metadata() {
    return metadata;
  }

  /** Returns the DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), which belongs to the receiver. */
  public byte[] publicKey() {
    return publicKey;
  }
}
