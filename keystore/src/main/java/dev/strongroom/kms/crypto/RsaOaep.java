// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** RSAES-OAEP (RFC 8017 §7.1) with public keys, which never needs an HSM. */
public final class RsaOaep {

  private RsaOaep() {}

  /**
   * Encrypts.
   *
   * @param publicKey DER SubjectPublicKeyInfo
   * @param plaintext at most modulus - 2 * hash - 2 bytes; left intact
   * @throws KmsException.Validation if it is longer
   */
  public static byte[] encrypt(
      CmkSpec spec,
      byte[] publicKey,
      EncryptionAlgorithm algorithm,
      byte[] plaintext,
      SecureRandom random) {
    int most = spec.bits() / 8 - 2 * Hash.of(algorithm.hash()).bytes() - 2;
    if (plaintext.length > most) {
      throw new KmsException.Validation(
          "The plaintext has "
              + plaintext.length
              + " bytes; "
              + algorithm
              + " with a key of spec "
              + spec
              + " takes at most "
              + most
              + ". Encrypt a data key and let that encrypt the data.");
    }
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      RSAPublicKey key = (RSAPublicKey) PublicKeys.jdkKey(spec, publicKey);
      cipher.init(Cipher.ENCRYPT_MODE, key, parameters(algorithm), random);
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("RSA-OAEP did not encrypt", e);
    }
  }

  static OAEPParameterSpec parameters(EncryptionAlgorithm algorithm) {
    return new OAEPParameterSpec(
        algorithm.hash(),
        "MGF1",
        new MGF1ParameterSpec(algorithm.mgfHash()),
        PSource.PSpecified.DEFAULT);
  }
}
