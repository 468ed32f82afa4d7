// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.EnumSet;
import java.util.Set;

/** The kinds of KMS key, by AWS's names (there: KeySpec). The one table of what each can do. */
public enum CmkSpec {
  // spotless:off
  //                      type             JCA name      bits  usages that may be chosen
  SYMMETRIC_DEFAULT      (Type.SYMMETRIC,  "AES",         256, KeyUsage.ENCRYPT_DECRYPT),
  RSA_2048               (Type.RSA,        "RSA",        2048, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  RSA_3072               (Type.RSA,        "RSA",        3072, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  RSA_4096               (Type.RSA,        "RSA",        4096, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.SIGN_VERIFY),
  ECC_NIST_P256          (Type.EC,         "EC",          256, KeyUsage.SIGN_VERIFY),
  ECC_NIST_P384          (Type.EC,         "EC",          384, KeyUsage.SIGN_VERIFY),
  ECC_NIST_P521          (Type.EC,         "EC",          521, KeyUsage.SIGN_VERIFY),
  ECC_SECG_P256K1        (Type.EC,         "EC",          256, KeyUsage.SIGN_VERIFY),
  ECC_NIST_EDWARDS25519  (Type.EDWARDS,    "Ed25519",     255, KeyUsage.SIGN_VERIFY),
  HMAC_224               (Type.HMAC,       "HmacSHA224",  224, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_256               (Type.HMAC,       "HmacSHA256",  256, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_384               (Type.HMAC,       "HmacSHA384",  384, KeyUsage.GENERATE_VERIFY_MAC),
  HMAC_512               (Type.HMAC,       "HmacSHA512",  512, KeyUsage.GENERATE_VERIFY_MAC);
  // spotless:on

  /** The families of key material. */
  public enum Type {
    SYMMETRIC,
    RSA,
    EC,
    EDWARDS,
    HMAC
  }

  private final Type type;
  private final String jcaName;
  private final int bits;
  private final Set<KeyUsage> usages;

  CmkSpec(Type type, String jcaName, int bits, KeyUsage first, KeyUsage... rest) {
    this.type = type;
    this.jcaName = jcaName;
    this.bits = bits;
    this.usages = EnumSet.of(first, rest);
  }

  public Type type() {
    return type;
  }

  /** Returns what {@code Key.getAlgorithm()} says of a handle to such a key. */
  public String jcaName() {
    return jcaName;
  }

  /** Returns the length of the secret, the modulus or the curve's field in bits. */
  public int bits() {
    return bits;
  }

  /** Returns whether there is a private and a public half. */
  public boolean isAsymmetric() {
    return type == Type.RSA || type == Type.EC || type == Type.EDWARDS;
  }

  /** Returns whether GenerateDataKeyPair makes pairs of this kind (AWS: DataKeyPairSpec). */
  public boolean isDataKeyPairSpec() {
    return isAsymmetric();
  }

  public boolean allows(KeyUsage usage) {
    return usages.contains(usage);
  }

  /** Returns the usages that CreateKey may choose from, for messages. */
  public Set<KeyUsage> usages() {
    return EnumSet.copyOf(usages);
  }
}
