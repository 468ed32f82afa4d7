// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/** A symmetric or HMAC backing key of level SOFTWARE: it makes HMACs. */
final class SoftwareSecret implements OpenKey {
  private final KeyMaterial material;

  /** Takes ownership of {@code material}. */
  SoftwareSecret(KeyMaterial material) {
    this.material = material;
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    String algorithm = Hash.of(hash).hmacName();
    return material.use(
        bytes -> {
          DestroyableAesKey key = new DestroyableAesKey(bytes.clone());
          try {
            Mac mac = Mac.getInstance(algorithm, "SunJCE");
            mac.init(key);
            return mac.doFinal(data);
          } catch (GeneralSecurityException e) {
            throw new AssertionError("SunJCE has " + algorithm, e);
          } finally {
            key.destroy();
          }
        });
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    throw new KmsException.InvalidKeyUsage("A secret key does not sign; use an asymmetric key.");
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    throw new KmsException.InvalidKeyUsage("A secret key has no " + algorithm + "; use RSA.");
  }

  @Override
  public void close() {
    material.destroy();
  }
}
