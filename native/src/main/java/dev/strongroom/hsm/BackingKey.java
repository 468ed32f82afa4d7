// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/**
 * A backing key that is open inside an HSM. Every operation that its {@link BackingKeySpec} has not
 * is refused with {@link HsmException.Unsupported}.
 *
 * <p>Thread-safe. Where the HSM lost the object (token reset, library restarted), calls fail with
 * {@link HsmException.Gone}; the owner opens the key anew from its wrapped form.
 */
public interface BackingKey extends AutoCloseable {

  BackingKeySpec spec();

  /**
   * Returns the HMAC of {@code data} under a {@link BackingKeySpec#isSecret() secret}.
   *
   * @param hash the hash function of the HMAC; a {@link HashAlgorithm#isCommon() common} one
   */
  byte[] hmac(HashAlgorithm hash, byte[] data);

  /**
   * Signs.
   *
   * @param scheme how; must fit the key's type
   * @param input the message for {@link SignatureScheme#ED25519}, otherwise the hash of it as long
   *     as the scheme's hash (for {@link SignatureScheme#ECDSA}: any length from 20 to 64 bytes)
   * @return RSA: as long as the modulus; ECDSA: {@code SEQUENCE { r, s }} in DER; Ed25519: 64 bytes
   */
  byte[] sign(SignatureScheme scheme, byte[] input);

  /**
   * Decrypts RSAES-OAEP (RFC 8017 §7.1.2) with an empty label.
   *
   * @param hash the hash of the label; MGF1 uses {@code mgfHash}
   * @throws HsmException.Tampered for every kind of wrong ciphertext alike
   */
  byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext);

  /**
   * Does the bare private operation of RSA (RSADP, RFC 8017 §5.1.2), for a padding that the caller
   * takes off: what is wrong with that must not show in an answer of the HSM.
   *
   * @return as long as the modulus, zeros in front included
   * @throws HsmException.Tampered if the ciphertext has another length, or is not below the modulus
   */
  default byte[] decryptRaw(byte[] ciphertext) {
    throw new HsmException.Unsupported("A " + spec() + " does not decrypt RSA.");
  }

  /**
   * Agrees on a secret by elliptic curve Diffie-Hellman (SP 800-56A §5.7.1.2).
   *
   * @param point the other's public key as {@code 04 || x || y}, checked to be on the curve
   * @return the x-coordinate of the shared point, as long as the curve's field
   */
  default byte[] agree(byte[] point) {
    throw new HsmException.Unsupported("A " + spec() + " does not agree on secrets.");
  }

  /** Destroys the object in the HSM. Calls after the first do nothing. */
  @Override
  void close();
}
