// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/**
 * One version of a domain key inside an HSM: an AES-256 key that wraps, a 32-byte secret that
 * derives by HMAC, and a P-256 key pair that signs. The bytes of the three never leave the HSM.
 *
 * <p>Thread-safe. Arrays given are left intact, arrays returned belong to the caller.
 */
public interface DomainKey {

  DomainKeyId id();

  /** Returns the policy that the wrapping key was born with. */
  WrapPolicy wrapPolicy();

  /**
   * Returns whether the keys came into this HSM wrapped, from another one or from custodians. Their
   * attributes then cannot tell that nobody had them in clear before: only a check value can say
   * that they are the right ones.
   */
  default boolean isReceived() {
    return false;
  }

  /** Returns how many tokens have it and serve calls. */
  default int copies() {
    return 1;
  }

  /** Returns HMAC-SHA256 (32 bytes) of {@code data} under the deriving key (RFC 2104). */
  byte[] hmac(byte[] data);

  /**
   * Signs a SHA-256 hash with the signing key.
   *
   * @param hash 32 bytes
   * @return an ECDSA signature as {@code SEQUENCE { r, s }} in DER (RFC 3279 §2.2.3)
   */
  byte[] sign(byte[] hash);

  /** Returns the public half of the signing key as a DER SubjectPublicKeyInfo (RFC 5480). */
  byte[] publicKey();

  /**
   * Makes a backing key inside the HSM, wraps it (AES key wrap with padding, RFC 5649) under the
   * wrapping key, and lets the key itself go: only the wrapped form remains.
   *
   * @throws HsmException.Unsupported if {@code spec} is not among {@link HsmInfo#backingKeySpecs()}
   */
  WrappedKey generate(BackingKeySpec spec);

  /**
   * Opens a wrapped backing key as a sensitive, not extractable object of the HSM. The caller
   * closes it.
   *
   * @param body what {@link WrappedKey#body()} gave; left intact
   * @throws HsmException.Tampered if {@code body} was not wrapped under this domain key version
   */
  BackingKey unwrap(BackingKeySpec spec, byte[] body);

  /**
   * Wraps a wrapped backing key anew under another version: opened and wrapped inside the HSM, and
   * let go.
   *
   * @param body what {@link WrappedKey#body()} gave; left intact
   * @param target a version in the same HSM
   * @return the body that {@code target} unwraps
   * @throws HsmException.Unsupported if the {@link #wrapPolicy()} of this one is not OPEN
   * @throws HsmException.Tampered if {@code body} was not wrapped under this domain key version
   */
  byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target);
}
