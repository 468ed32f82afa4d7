// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.jspecify.annotations.Nullable;

/** Public keys that were made elsewhere and whose signatures are taken. */
public final class SignatureKeys {
  private static final int MAX_BYTES = 8192;
  private static final BigInteger LEAST_EXPONENT = BigInteger.valueOf(3);
  private static final Map<ASN1ObjectIdentifier, CmkSpec> CURVES =
      Map.of(
          SECObjectIdentifiers.secp256r1, CmkSpec.ECC_NIST_P256,
          SECObjectIdentifiers.secp384r1, CmkSpec.ECC_NIST_P384,
          SECObjectIdentifiers.secp521r1, CmkSpec.ECC_NIST_P521);

  private SignatureKeys() {}

  /**
   * Returns what kind of key it is.
   *
   * @param encoded DER SubjectPublicKeyInfo, of up to 8192 bytes
   * @throws KmsException.Validation if it is no RSA key of 2048, 3072 or 4096 bits, no key on
   *     P-256, P-384 or P-521 and none of Ed25519, or is encoded in another way
   */
  public static CmkSpec specOf(byte[] encoded) {
    try {
      if (encoded.length <= MAX_BYTES) {
        AsymmetricKeyParameter key = PublicKeyFactory.createKey(encoded);
        CmkSpec spec = specOf(key);
        // Two encodings of one key would make two approvers of one.
        byte[] again =
            SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded("DER");
        if (spec != null && MessageDigest.isEqual(again, encoded)) {
          return spec;
        }
      }
    } catch (IOException | RuntimeException e) {
      // The library throws many kinds at what is no key; all get the same refusal.
    }
    throw new KmsException.Validation(
        "Not a public key that approvals can be signed with. Give a 'BEGIN PUBLIC KEY' of RSA with"
            + " 2048, 3072 or 4096 bits, of P-256, P-384 or P-521 with a named curve, or of"
            + " Ed25519, as 'openssl pkey -pubout' writes it.");
  }

  private static @Nullable CmkSpec specOf(AsymmetricKeyParameter key) {
    if (key instanceof Ed25519PublicKeyParameters) {
      return CmkSpec.ECC_NIST_EDWARDS25519;
    }
    if (key instanceof RSAKeyParameters rsa) {
      // With exponent 1 everything is its own signature.
      return switch (rsa.getExponent().compareTo(LEAST_EXPONENT) < 0
          ? 0
          : rsa.getModulus().bitLength()) {
        case 2048 -> CmkSpec.RSA_2048;
        case 3072 -> CmkSpec.RSA_3072;
        case 4096 -> CmkSpec.RSA_4096;
        default -> null;
      };
    }
    // A curve that is written out may have another generator, and is a second name of the first.
    if (key instanceof ECPublicKeyParameters ec
        && ec.getParameters() instanceof ECNamedDomainParameters named) {
      return CURVES.get(named.getName());
    }
    return null;
  }

  /**
   * Returns what a key signs of a message: its hash, for Ed25519 the message itself, for ML-DSA μ.
   */
  public static byte[] input(SigningAlgorithm algorithm, byte[] publicKey, byte[] message) {
    return switch (algorithm) {
      case ED25519_SHA_512 -> message;
      case ML_DSA_SHAKE_256 -> MlDsa.mu(publicKey, message);
      default -> Digests.digest(algorithm.hash(), message);
    };
  }
}
