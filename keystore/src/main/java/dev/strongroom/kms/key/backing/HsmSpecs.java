// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;

/** Which keys of an HSM serve as backing keys of a spec: the one table of that. */
final class HsmSpecs {

  private HsmSpecs() {}

  /**
   * @throws KmsException.UnsupportedOperation if no HSM is asked for such keys
   */
  static BackingKeySpec of(CmkSpec spec, KeyUsage usage) {
    boolean agrees = usage == KeyUsage.KEY_AGREEMENT;
    return switch (spec) {
      case SYMMETRIC_DEFAULT, HMAC_256 -> BackingKeySpec.SECRET_256;
      case HMAC_224 -> BackingKeySpec.SECRET_224;
      case HMAC_384 -> BackingKeySpec.SECRET_384;
      case HMAC_512 -> BackingKeySpec.SECRET_512;
      case RSA_2048 -> BackingKeySpec.RSA_2048;
      case RSA_3072 -> BackingKeySpec.RSA_3072;
      case RSA_4096 -> BackingKeySpec.RSA_4096;
      case ECC_NIST_P256 -> agrees ? BackingKeySpec.ECDH_P256 : BackingKeySpec.EC_P256;
      case ECC_NIST_P384 -> agrees ? BackingKeySpec.ECDH_P384 : BackingKeySpec.EC_P384;
      case ECC_NIST_P521 -> agrees ? BackingKeySpec.ECDH_P521 : BackingKeySpec.EC_P521;
      case ECC_SECG_P256K1 -> agrees ? BackingKeySpec.ECDH_SECP256K1 : BackingKeySpec.EC_SECP256K1;
      case ECC_NIST_EDWARDS25519 -> BackingKeySpec.ED25519;
      case X25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
          throw new KmsException.UnsupportedOperation(
              "Keys of spec "
                  + spec
                  + " are not made in HSMs: PKCS#11 has them since version 3.2 only, and tokens do"
                  + " not have that yet. Choose protection level SOFTWARE.");
    };
  }
}
