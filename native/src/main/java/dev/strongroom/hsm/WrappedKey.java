// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/**
 * A backing key as it leaves the HSM.
 *
 * <p>Not a record, because it holds arrays; it holds no secret in clear.
 */
public final class WrappedKey {
  private final byte[] body;
  private final byte[] publicKey;

  /** Takes ownership of both arrays. */
  public WrappedKey(byte[] body, byte[] publicKey) {
    this.body = body;
    this.publicKey = publicKey;
  }

  /** Returns a copy of the RFC 5649 wrapping of the secret, or of the PKCS#8 private key. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns a copy of the DER SubjectPublicKeyInfo; empty for a secret. */
  public byte[] publicKey() {
    return publicKey.clone();
  }
}
