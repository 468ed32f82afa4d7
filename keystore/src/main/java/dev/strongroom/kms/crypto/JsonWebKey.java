// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * Public keys that verify, as JSON Web Keys (RFC 7517; RFC 7518 §6.2 and §6.3, RFC 8037 §2, RFC
 * 8812 §3.1 for secp256k1).
 */
public final class JsonWebKey {
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private JsonWebKey() {}

  /**
   * Returns the members that the key itself has: kty, and those that belong to it.
   *
   * @param publicKey DER SubjectPublicKeyInfo of a key of that spec
   * @throws KmsException.UnsupportedOperation if there is no standard for such keys
   */
  public static Map<String, Object> of(CmkSpec spec, byte[] publicKey) {
    Map<String, Object> members = new LinkedHashMap<>();
    AsymmetricKeyParameter key = parse(publicKey);
    if (key instanceof RSAKeyParameters rsa) {
      members.put("kty", "RSA");
      members.put("n", number(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8));
      members.put("e", number(rsa.getExponent(), (rsa.getExponent().bitLength() + 7) / 8));
    } else if (key instanceof ECPublicKeyParameters ec) {
      ECPoint point = ec.getQ().normalize();
      int bytes = (ec.getParameters().getCurve().getFieldSize() + 7) / 8;
      members.put("kty", "EC");
      members.put("crv", curve(spec));
      members.put("x", number(point.getAffineXCoord().toBigInteger(), bytes));
      members.put("y", number(point.getAffineYCoord().toBigInteger(), bytes));
    } else if (key instanceof Ed25519PublicKeyParameters edwards) {
      members.put("kty", "OKP");
      members.put("crv", "Ed25519");
      members.put("x", BASE64URL.encodeToString(edwards.getEncoded()));
    } else {
      throw unsupported(spec);
    }
    return members;
  }

  private static AsymmetricKeyParameter parse(byte[] publicKey) {
    try {
      return PublicKeyFactory.createKey(publicKey);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a DER SubjectPublicKeyInfo", e);
    }
  }

  /** RFC 7518 §6.2.1.2: always as many bytes as the field has. */
  private static String number(BigInteger value, int bytes) {
    return BASE64URL.encodeToString(BigIntegers.asUnsignedByteArray(bytes, value));
  }

  private static String curve(CmkSpec spec) {
    return switch (spec) {
      case ECC_NIST_P256 -> "P-256";
      case ECC_NIST_P384 -> "P-384";
      case ECC_NIST_P521 -> "P-521";
      case ECC_SECG_P256K1 -> "secp256k1";
      default -> throw unsupported(spec);
    };
  }

  private static KmsException unsupported(CmkSpec spec) {
    return new KmsException.UnsupportedOperation(
        "There is no JSON Web Key for the spec " + spec + ". Give 'kms get-public-key' instead.");
  }

  /**
   * Returns the JOSE name of an algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2); empty
   * where it has none.
   */
  public static Optional<String> algorithm(CmkSpec spec, SigningAlgorithm algorithm) {
    return Optional.ofNullable(
        switch (algorithm) {
          case RSASSA_PKCS1_V1_5_SHA_256 -> "RS256";
          case RSASSA_PKCS1_V1_5_SHA_384 -> "RS384";
          case RSASSA_PKCS1_V1_5_SHA_512 -> "RS512";
          case RSASSA_PSS_SHA_256 -> "PS256";
          case RSASSA_PSS_SHA_384 -> "PS384";
          case RSASSA_PSS_SHA_512 -> "PS512";
          case ECDSA_SHA_256 -> spec == CmkSpec.ECC_SECG_P256K1 ? "ES256K" : "ES256";
          case ECDSA_SHA_384 -> "ES384";
          case ECDSA_SHA_512 -> "ES512";
          case ED25519_SHA_512 -> "EdDSA";
          default -> null;
        });
  }
}
