// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.service.GenerateDataKeyPairResult;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;

/**
 * The private half of a data key pair in clear, with the encrypted copy that is to be stored.
 *
 * <p>Each is also an {@code RSAPrivateCrtKey}, {@code ECPrivateKey} or {@code EdECPrivateKey} with
 * a PKCS#8 encoding, so that every provider takes it. {@link #destroy()} wipes the encoding; the
 * numbers that Java keeps beside it cannot be wiped, only forgotten. Not serializable.
 */
public sealed interface DataKeyPrivateKey extends PrivateKey permits OpenPrivateKey {

  /**
   * Returns a copy of the encrypted PKCS#8 private key. KMS Decrypt, or {@code Cipher} {@code Kms}
   * in unwrap mode, opens it under the same encryption context.
   */
  byte[] getCiphertextBlob();

  @Override
  void destroy();

  /** Turns an answer of GenerateDataKeyPair into a pair, and takes over its arrays. */
  static KeyPair pair(GenerateDataKeyPairResult result) {
    String algorithm = result.pairSpec().jcaName();
    PrivateKey inner = JdkKeys.privateKey(algorithm, result.privateKey());
    return new KeyPair(
        JdkKeys.publicKey(algorithm, result.publicKey()),
        owning(inner, result.privateKey(), result.privateKeyCiphertextBlob()));
  }

  /**
   * Opens an encrypted private key that was decrypted; takes ownership of both arrays.
   *
   * @throws IllegalArgumentException if {@code pkcs8} is not a private key of that algorithm
   */
  static PrivateKey owning(String algorithm, byte[] pkcs8, byte[] ciphertextBlob) {
    return owning(JdkKeys.privateKey(algorithm, pkcs8), pkcs8, ciphertextBlob);
  }

  private static PrivateKey owning(PrivateKey inner, byte[] pkcs8, byte[] ciphertextBlob) {
    if (inner instanceof RSAPrivateCrtKey rsa) {
      return new OpenRsaPrivateKey(rsa, pkcs8, ciphertextBlob);
    }
    if (inner instanceof ECPrivateKey ec) {
      return new OpenEcPrivateKey(ec, pkcs8, ciphertextBlob);
    }
    return new OpenEdPrivateKey((EdECPrivateKey) inner, pkcs8, ciphertextBlob);
  }
}
