// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.material;

import dev.strongroom.kms.key.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** Wraps key material for another KMS, by {@code RSA_AES_KEY_WRAP_SHA_256}. */
public final class MaterialWrap {
  private static final int AES_KEY_BYTES = 32;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private MaterialWrap() {}

  /**
   * Wraps.
   *
   * @param publicKey DER SubjectPublicKeyInfo of the other KMS's wrapping key
   * @param material left intact
   * @throws IllegalArgumentException if that is no RSA key
   */
  public static byte[] wrap(byte[] publicKey, KeyMaterial material, SecureRandom random) {
    byte[] aesKey = new byte[AES_KEY_BYTES];
    random.nextBytes(aesKey);
    try {
      PublicKey rsa =
          KeyFactory.getInstance("RSA", "SunRsaSign")
              .generatePublic(new X509EncodedKeySpec(publicKey));
      Cipher outer = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      outer.init(Cipher.ENCRYPT_MODE, rsa, OAEP, random);
      byte[] first = outer.doFinal(aesKey);
      byte[] second = material.use(bytes -> wrap(aesKey, bytes));
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("The wrapping key is no RSA key", e);
    } finally {
      Arrays.fill(aesKey, (byte) 0);
    }
  }

  /** RFC 5649 §4.1. */
  private static byte[] wrap(byte[] aesKey, byte[] material) {
    try {
      Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aesKey, "AES"));
      return cipher.doFinal(material);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES key wrap with padding", e);
    }
  }
}
