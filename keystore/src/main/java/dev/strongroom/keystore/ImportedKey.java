// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyType;
import java.security.Key;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKey;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/** What a key of other software would be as a KMS key. Whether it is sound, the KMS says. */
final class ImportedKey {
  // RFC 8410 §3
  private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

  private ImportedKey() {}

  /**
   * Returns the spec.
   *
   * @throws IllegalArgumentException if there is none for such keys, or the key cannot be copied
   */
  static CmkSpec spec(Key key) {
    if (key instanceof SecretKey secret) {
      return secretSpec(secret);
    }
    byte[] pkcs8 = material(key);
    try {
      AlgorithmIdentifier algorithm = PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm();
      CmkSpec spec =
          key instanceof RSAKey rsa ? rsaSpec(rsa.getModulus().bitLength()) : named(algorithm);
      if (spec != null) {
        return spec;
      }
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("setKeyEntry: the key is not in PKCS#8.");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
    throw new IllegalArgumentException(
        "setKeyEntry: a KMS has no private keys of algorithm "
            + key.getAlgorithm()
            + " and that size. It takes RSA of 2048, 3072 and 4096 bits, EC on P-256, P-384, P-521 and"
            + " secp256k1, and Ed25519.");
  }

  private static CmkSpec secretSpec(SecretKey key) {
    String name = key.getAlgorithm().toUpperCase(Locale.ROOT);
    return Arrays.stream(CmkSpec.values())
        .filter(spec -> spec.type() == KeyType.SYMMETRIC || spec.type() == KeyType.HMAC)
        .filter(spec -> spec.jcaName().toUpperCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "setKeyEntry: a KMS has no secret keys of algorithm "
                        + key.getAlgorithm()
                        + ". It takes AES of 256 bits, and HmacSHA224 to HmacSHA512."));
  }

  private static @Nullable CmkSpec rsaSpec(int bits) {
    return List.of(CmkSpec.RSA_2048, CmkSpec.RSA_3072, CmkSpec.RSA_4096).stream()
        .filter(spec -> spec.bits() == bits)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable CmkSpec named(AlgorithmIdentifier algorithm) {
    if (algorithm.getAlgorithm().equals(ED25519)) {
      return CmkSpec.ECC_NIST_EDWARDS25519;
    }
    if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier curve)) {
      return null;
    }
    if (curve.equals(SECObjectIdentifiers.secp256r1)) {
      return CmkSpec.ECC_NIST_P256;
    }
    if (curve.equals(SECObjectIdentifiers.secp384r1)) {
      return CmkSpec.ECC_NIST_P384;
    }
    if (curve.equals(SECObjectIdentifiers.secp521r1)) {
      return CmkSpec.ECC_NIST_P521;
    }
    return curve.equals(SECObjectIdentifiers.secp256k1) ? CmkSpec.ECC_SECG_P256K1 : null;
  }

  /**
   * Returns the key's bytes, which belong to the receiver.
   *
   * @throws IllegalArgumentException if the key cannot be copied
   */
  static byte[] material(Key key) {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      throw new IllegalArgumentException(
          "setKeyEntry: the key of class "
              + key.getClass().getName()
              + " cannot be copied out of where it is.");
    }
    return encoded;
  }
}
