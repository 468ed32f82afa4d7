// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.material;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Takes key material out of its wrapping. Whatever is wrong with that, the failure is the same. */
final class MaterialUnwrap {
  private static final int AES_KEY_BYTES = 32;

  private MaterialUnwrap() {}

  /**
   * Unwraps.
   *
   * @param key the wrapping key
   * @param modulusBytes length of its modulus
   * @param wrapped left intact
   * @throws KmsException.InvalidCiphertext if it was wrapped in another way, or altered
   */
  static KeyMaterial unwrap(
      WrappingAlgorithm algorithm, OpenKey key, int modulusBytes, byte[] wrapped) {
    if (!algorithm.hasAesKey()) {
      return KeyMaterial.owning(key.decrypt(algorithm.oaep(), wrapped));
    }
    if (wrapped.length <= modulusBytes) {
      throw new KmsException.InvalidCiphertext();
    }
    byte[] aesKey = key.decrypt(algorithm.oaep(), Arrays.copyOf(wrapped, modulusBytes));
    try {
      return KeyMaterial.owning(
          unwrap(aesKey, Arrays.copyOfRange(wrapped, modulusBytes, wrapped.length)));
    } finally {
      Arrays.fill(aesKey, (byte) 0);
    }
  }

  /** RFC 5649 §4.2. */
  private static byte[] unwrap(byte[] aesKey, byte[] wrapped) {
    if (aesKey.length != AES_KEY_BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(aesKey, "AES"));
      return cipher.doFinal(wrapped);
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    }
  }
}
