// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How KMS keys sign, by AWS's names (there: SigningAlgorithmSpec) and more in the same manner: JCA
 * callers choose any hash of the JDK with any key, and TLS and old signatures still need SHA-1. So
 * policies and the audit trail name the hash whatever the caller's library is.
 */
public enum SigningAlgorithm {
  // spotless:off
  //                            key type         padding         hash            AWS has it
  RSASSA_PKCS1_V1_5_SHA_1      (KeyType.RSA,     Padding.PKCS1,  "SHA-1",        false),
  RSASSA_PKCS1_V1_5_SHA_224    (KeyType.RSA,     Padding.PKCS1,  "SHA-224",      false),
  RSASSA_PKCS1_V1_5_SHA_256    (KeyType.RSA,     Padding.PKCS1,  "SHA-256",      true),
  RSASSA_PKCS1_V1_5_SHA_384    (KeyType.RSA,     Padding.PKCS1,  "SHA-384",      true),
  RSASSA_PKCS1_V1_5_SHA_512    (KeyType.RSA,     Padding.PKCS1,  "SHA-512",      true),
  RSASSA_PKCS1_V1_5_SHA_512_224(KeyType.RSA,     Padding.PKCS1,  "SHA-512/224",  false),
  RSASSA_PKCS1_V1_5_SHA_512_256(KeyType.RSA,     Padding.PKCS1,  "SHA-512/256",  false),
  RSASSA_PKCS1_V1_5_SHA3_224   (KeyType.RSA,     Padding.PKCS1,  "SHA3-224",     false),
  RSASSA_PKCS1_V1_5_SHA3_256   (KeyType.RSA,     Padding.PKCS1,  "SHA3-256",     false),
  RSASSA_PKCS1_V1_5_SHA3_384   (KeyType.RSA,     Padding.PKCS1,  "SHA3-384",     false),
  RSASSA_PKCS1_V1_5_SHA3_512   (KeyType.RSA,     Padding.PKCS1,  "SHA3-512",     false),
  RSASSA_PSS_SHA_1             (KeyType.RSA,     Padding.PSS,    "SHA-1",        false),
  RSASSA_PSS_SHA_224           (KeyType.RSA,     Padding.PSS,    "SHA-224",      false),
  RSASSA_PSS_SHA_256           (KeyType.RSA,     Padding.PSS,    "SHA-256",      true),
  RSASSA_PSS_SHA_384           (KeyType.RSA,     Padding.PSS,    "SHA-384",      true),
  RSASSA_PSS_SHA_512           (KeyType.RSA,     Padding.PSS,    "SHA-512",      true),
  RSASSA_PSS_SHA_512_224       (KeyType.RSA,     Padding.PSS,    "SHA-512/224",  false),
  RSASSA_PSS_SHA_512_256       (KeyType.RSA,     Padding.PSS,    "SHA-512/256",  false),
  RSASSA_PSS_SHA3_224          (KeyType.RSA,     Padding.PSS,    "SHA3-224",     false),
  RSASSA_PSS_SHA3_256          (KeyType.RSA,     Padding.PSS,    "SHA3-256",     false),
  RSASSA_PSS_SHA3_384          (KeyType.RSA,     Padding.PSS,    "SHA3-384",     false),
  RSASSA_PSS_SHA3_512          (KeyType.RSA,     Padding.PSS,    "SHA3-512",     false),
  ECDSA_SHA_1                  (KeyType.EC,      Padding.NONE,   "SHA-1",        false),
  ECDSA_SHA_224                (KeyType.EC,      Padding.NONE,   "SHA-224",      false),
  ECDSA_SHA_256                (KeyType.EC,      Padding.NONE,   "SHA-256",      true),
  ECDSA_SHA_384                (KeyType.EC,      Padding.NONE,   "SHA-384",      true),
  ECDSA_SHA_512                (KeyType.EC,      Padding.NONE,   "SHA-512",      true),
  ECDSA_SHA_512_224            (KeyType.EC,      Padding.NONE,   "SHA-512/224",  false),
  ECDSA_SHA_512_256            (KeyType.EC,      Padding.NONE,   "SHA-512/256",  false),
  ECDSA_SHA3_224               (KeyType.EC,      Padding.NONE,   "SHA3-224",     false),
  ECDSA_SHA3_256               (KeyType.EC,      Padding.NONE,   "SHA3-256",     false),
  ECDSA_SHA3_384               (KeyType.EC,      Padding.NONE,   "SHA3-384",     false),
  ECDSA_SHA3_512               (KeyType.EC,      Padding.NONE,   "SHA3-512",     false),
  ED25519_SHA_512              (KeyType.EDWARDS, Padding.NONE,   "",             true),
  ML_DSA_SHAKE_256             (KeyType.ML_DSA,  Padding.NONE,   "",             true);
  // spotless:on

  /** How an RSA signature is padded. */
  public enum Padding {
    NONE,
    PKCS1,
    PSS
  }

  private final KeyType keyType;
  private final Padding padding;
  private final String hash;
  private final boolean inAws;

  SigningAlgorithm(KeyType keyType, Padding padding, String hash, boolean inAws) {
    this.keyType = keyType;
    this.padding = padding;
    this.hash = hash;
    this.inAws = inAws;
  }

  public Padding padding() {
    return padding;
  }

  /**
   * Returns the standard name of the hash that is signed; empty for Ed25519, which takes the
   * message itself, and for ML-DSA, which takes the 64 bytes μ of it (FIPS 204 §6.2). PSS uses a
   * salt as long as the hash and MGF1 over the same hash.
   */
  public String hash() {
    return hash;
  }

  /** Returns whether a key of {@code spec} signs like this. */
  public boolean fits(CmkSpec spec) {
    return spec.type() == keyType;
  }

  /** Returns the algorithm of such keys with that padding and hash; empty if there is none. */
  public static Optional<SigningAlgorithm> find(KeyType keyType, Padding padding, String hash) {
    for (SigningAlgorithm algorithm : values()) {
      if (algorithm.keyType == keyType
          && algorithm.padding == padding
          && algorithm.hash.equals(hash)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the algorithms that DescribeKey and GetPublicKey name for {@code spec}: AWS's, which
   * ties each curve to one hash. {@link #fits} allows more.
   */
  public static List<SigningAlgorithm> namedFor(CmkSpec spec) {
    return switch (spec) {
      case ECC_NIST_P256, ECC_SECG_P256K1 -> List.of(ECDSA_SHA_256);
      case ECC_NIST_P384 -> List.of(ECDSA_SHA_384);
      case ECC_NIST_P521 -> List.of(ECDSA_SHA_512);
      default -> Arrays.stream(values()).filter(a -> a.inAws && a.fits(spec)).toList();
    };
  }
}
