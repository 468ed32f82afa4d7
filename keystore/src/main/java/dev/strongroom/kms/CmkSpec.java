// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of KMS key, by AWS's names (there: KeySpec). The one table of what each can do. Not in
 * AWS: X25519, agreement with secp256k1, and the ML-KEM specs.
 */
public enum CmkSpec {
  // spotless:off
  //                      type                JCA name      bits  usages that may be chosen
  SYMMETRIC_DEFAULT      (KeyType.SYMMETRIC,  "AES",         256, KeyUsage.ENCRYPT_DECRYPT),
  RSA_2048               (KeyType.RSA,        "RSA",        2048, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  RSA_3072               (KeyType.RSA,        "RSA",        3072, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  RSA_4096               (KeyType.RSA,        "RSA",        4096, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  ECC_NIST_P256          (KeyType.EC,         "EC",          256, KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT),
  ECC_NIST_P384          (KeyType.EC,         "EC",          384, KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT),
  ECC_NIST_P521          (KeyType.EC,         "EC",          521, KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT),
  ECC_SECG_P256K1        (KeyType.EC,         "EC",          256, KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT),
  ECC_NIST_EDWARDS25519  (KeyType.EDWARDS,    "EdDSA",       255, KeyUsage.SIGN_VERIFY),
  X25519                 (KeyType.MONTGOMERY, "XDH",         255, KeyUsage.KEY_AGREEMENT),
  ML_DSA_44              (KeyType.ML_DSA,     "ML-DSA",      128, KeyUsage.SIGN_VERIFY),
  ML_DSA_65              (KeyType.ML_DSA,     "ML-DSA",      192, KeyUsage.SIGN_VERIFY),
  ML_DSA_87              (KeyType.ML_DSA,     "ML-DSA",      256, KeyUsage.SIGN_VERIFY),
  ML_KEM_512             (KeyType.ML_KEM,     "ML-KEM",      128, KeyUsage.KEY_ENCAPSULATION),
  ML_KEM_768             (KeyType.ML_KEM,     "ML-KEM",      192, KeyUsage.KEY_ENCAPSULATION),
  ML_KEM_1024            (KeyType.ML_KEM,     "ML-KEM",      256, KeyUsage.KEY_ENCAPSULATION),
  HMAC_224               (KeyType.HMAC,       "HmacSHA224",  224, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_256               (KeyType.HMAC,       "HmacSHA256",  256, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_384               (KeyType.HMAC,       "HmacSHA384",  384, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_512               (KeyType.HMAC,       "HmacSHA512",  512, KeyUsage.GENERATE_VERIFY_MAC);
  // spotless:on

  private final KeyType type;
  private final String jcaName;
  private final int bits;
  private final Set<KeyUsage> usages;

  CmkSpec(KeyType type, String jcaName, int bits, KeyUsage first, KeyUsage... rest) {
    this.type = type;
    this.jcaName = jcaName;
    this.bits = bits;
    this.usages = EnumSet.of(first, rest);
  }

  public KeyType type() {
    return type;
  }

  /** Returns what {@code Key.getAlgorithm()} says of a handle to such a key. */
  public String jcaName() {
    return jcaName;
  }

  /**
   * Returns the length of the secret, the modulus or the curve's field in bits; for ML-DSA and
   * ML-KEM the strength that their category stands for (FIPS 203, 204).
   */
  public int bits() {
    return bits;
  }

  /** Returns whether there is a private and a public half. */
  public boolean isAsymmetric() {
    return type != KeyType.SYMMETRIC && type != KeyType.HMAC;
  }

  /** Returns whether GenerateDataKeyPair makes pairs of this kind (AWS: DataKeyPairSpec). */
  public boolean isDataKeyPairSpec() {
    return type == KeyType.RSA || type == KeyType.EC || type == KeyType.EDWARDS;
  }

  /**
   * Returns the usage of a key whose maker named none: the only one, or signing for a curve. An RSA
   * key has none: it would be a guess whether it encrypts or signs.
   */
  public Optional<KeyUsage> defaultUsage() {
    return type == KeyType.RSA ? Optional.empty() : Optional.of(usages.iterator().next());
  }

  public boolean allows(KeyUsage usage) {
    return usages.contains(usage);
  }

  /** Returns the usages that CreateKey may choose from, for messages. */
  public Set<KeyUsage> usages() {
    return EnumSet.copyOf(usages);
  }
}
