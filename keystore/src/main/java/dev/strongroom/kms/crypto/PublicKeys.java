// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;

/** Public keys from their DER form. */
final class PublicKeys {

  private PublicKeys() {}

  /**
   * Returns the JDK's own object; secp256k1 has none.
   *
   * @param encoded DER SubjectPublicKeyInfo
   */
  static PublicKey jdkKey(CmkSpec spec, byte[] encoded) {
    String provider = spec.jcaName().equals("RSA") ? "SunRsaSign" : "SunEC";
    try {
      return KeyFactory.getInstance(spec.jcaName(), provider)
          .generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new KmsException.StoreTampered(
          "A public key of spec " + spec + " cannot be read. Restore the store from a backup.");
    }
  }
}
