// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/**
 * How key material is wrapped for its import, by AWS's names.
 *
 * <p>The first two are RSAES-OAEP (RFC 8017 §7.1) with an empty label and the same hash in MGF1,
 * over the material itself, which must be short. The others hold any: an AES-256 key wrapped by
 * OAEP, and behind it the material, wrapped under that key by AES key wrap with padding (RFC 5649);
 * PKCS#11 calls it {@code CKM_RSA_AES_KEY_WRAP}.
 */
public enum WrappingAlgorithm {
  RSAES_OAEP_SHA_1(EncryptionAlgorithm.RSAES_OAEP_SHA_1, false),
  RSAES_OAEP_SHA_256(EncryptionAlgorithm.RSAES_OAEP_SHA_256, false),
  RSA_AES_KEY_WRAP_SHA_1(EncryptionAlgorithm.RSAES_OAEP_SHA_1, true),
  RSA_AES_KEY_WRAP_SHA_256(EncryptionAlgorithm.RSAES_OAEP_SHA_256, true);

  private final EncryptionAlgorithm oaep;
  private final boolean hasAesKey;

  WrappingAlgorithm(EncryptionAlgorithm oaep, boolean hasAesKey) {
    this.oaep = oaep;
    this.hasAesKey = hasAesKey;
  }

  /** Returns how the wrapping key decrypts. */
  public EncryptionAlgorithm oaep() {
    return oaep;
  }

  /** Returns whether an AES key is between the wrapping key and the material. */
  public boolean hasAesKey() {
    return hasAesKey;
  }
}
