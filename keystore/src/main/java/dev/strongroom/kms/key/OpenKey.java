// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;

/**
 * A backing key that can be used: inside an HSM, or in this JVM for the level SOFTWARE. What the
 * key's spec has not is refused with {@link KmsException.InvalidKeyUsage}.
 *
 * <p>Thread-safe. Arrays given are left intact, arrays returned belong to the caller.
 */
public interface OpenKey extends AutoCloseable {

  /**
   * Returns the HMAC of {@code data}; for symmetric keys it is the way into {@link Derivation}
   * only.
   *
   * @param hash {@code SHA-224} to {@code SHA-512}
   */
  byte[] hmac(String hash, byte[] data);

  /**
   * Signs.
   *
   * @param input the hash of the message; for Ed25519 the message itself, for ML-DSA its μ
   * @return RSA: as long as the modulus; ECDSA: DER; Ed25519: 64 bytes; ML-DSA: 2420 to 4627 bytes
   */
  byte[] sign(SigningAlgorithm algorithm, byte[] input);

  /**
   * Decrypts RSAES-OAEP with an empty label.
   *
   * @throws KmsException.InvalidCiphertext for every kind of wrong ciphertext alike
   */
  byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext);

  /**
   * Does the bare private operation of RSA, for a padding that is taken off elsewhere.
   *
   * @return as long as the modulus
   * @throws KmsException.InvalidCiphertext if the ciphertext is not a number below the modulus, as
   *     long as that: the only thing that can be wrong here, and anybody sees it
   */
  default byte[] decryptRaw(byte[] ciphertext) {
    throw new KmsException.InvalidKeyUsage("This key does not decrypt; use one of spec RSA_3072.");
  }

  /**
   * Agrees on a secret.
   *
   * @param publicKey the other's, a DER SubjectPublicKeyInfo that was checked to be a valid key of
   *     the same kind, with an uncompressed point
   * @return the raw secret: as long as the curve's field
   * @throws KmsException.Validation if the two keys agree on no secret
   */
  default byte[] agree(byte[] publicKey) {
    throw new KmsException.InvalidKeyUsage(
        "This key does not agree on secrets; make one with --key-usage KEY_AGREEMENT.");
  }

  /**
   * Opens a secret that somebody encapsulated (FIPS 203 §7.3).
   *
   * @return 32 bytes; for an altered encapsulation of the right length they are pseudorandom
   * @throws KmsException.InvalidCiphertext if the length is not that of the key's spec
   */
  default byte[] decapsulate(byte[] encapsulation) {
    throw new KmsException.InvalidKeyUsage(
        "This key has no encapsulation; make one of spec ML_KEM_768.");
  }

  /**
   * Lets go of what is held for the key, and wipes it as far as that can be done. A key of level
   * HSM opens again at its next use; others fail then.
   */
  @Override
  void close();
}
