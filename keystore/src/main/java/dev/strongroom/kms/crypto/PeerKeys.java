// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * Public keys that callers bring for a key agreement. A point that is not on the curve would
 * disclose the private key bit by bit, so none reaches a key unchecked (SP 800-56A §5.6.2.3).
 */
public final class PeerKeys {
  private static final int MAX_BYTES = 8192;

  private PeerKeys() {}

  /**
   * Returns the key in its one canonical encoding: a named curve and an uncompressed point.
   *
   * @param encoded DER SubjectPublicKeyInfo; left intact
   * @throws KmsException.Validation unless it is a valid public key of the kind of {@code spec}
   */
  public static byte[] check(CmkSpec spec, byte[] encoded) {
    if (encoded.length > MAX_BYTES) {
      throw refused(spec);
    }
    try {
      AsymmetricKeyParameter key = PublicKeyFactory.createKey(encoded);
      if (!isOfKind(spec, key)) {
        throw refused(spec);
      }
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded("DER");
    } catch (IOException | RuntimeException e) {
      // Not such a structure, or no point of the curve: the parser has many words for that, an
      // index out of bounds among them.
      throw refused(spec);
    }
  }

  private static boolean isOfKind(CmkSpec spec, AsymmetricKeyParameter key) {
    if (spec == CmkSpec.X25519) {
      return key instanceof X25519PublicKeyParameters;
    }
    return key instanceof ECPublicKeyParameters point
        && point.getParameters() instanceof ECNamedDomainParameters curve
        && curve.getName().equals(curve(spec));
  }

  private static ASN1ObjectIdentifier curve(CmkSpec spec) {
    return switch (spec) {
      case ECC_NIST_P256 -> SECObjectIdentifiers.secp256r1;
      case ECC_NIST_P384 -> SECObjectIdentifiers.secp384r1;
      case ECC_NIST_P521 -> SECObjectIdentifiers.secp521r1;
      case ECC_SECG_P256K1 -> SECObjectIdentifiers.secp256k1;
      default -> throw new IllegalArgumentException(spec + " does not agree on secrets");
    };
  }

  private static KmsException.Validation refused(CmkSpec spec) {
    return new KmsException.Validation(
        "The public key is not a valid one for a key of spec "
            + spec
            + ". Give the DER SubjectPublicKeyInfo of a key of the same kind.");
  }
}
