// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;

/**
 * What a {@code KeyPairGenerator} {@code KmsDataKeyPair} is to make: a key pair of a kind, its
 * private half encrypted under a KMS key and an encryption context. The KMS key is named as in
 * {@link DataKeySpec}.
 */
public final class DataKeyPairSpec implements AlgorithmParameterSpec {
  private final CmkChoice cmk;
  private final CmkSpec pair;
  private final EncryptionContext context;

  private DataKeyPairSpec(CmkChoice cmk, CmkSpec pair, Map<String, String> context) {
    if (!pair.isDataKeyPairSpec()) {
      throw new IllegalArgumentException(
          "There is no data key pair of spec " + pair + ". Ask for RSA_3072 or ECC_NIST_P256.");
    }
    this.cmk = cmk;
    this.pair = pair;
    this.context = EncryptionContext.of(context);
  }

  /**
   * @throws IllegalArgumentException if {@code pair} is not an asymmetric spec
   */
  public static DataKeyPairSpec of(KmsSecretKey cmk, CmkSpec pair, Map<String, String> context) {
    return new DataKeyPairSpec(CmkChoice.of(cmk), pair, context);
  }

  /**
   * @throws IllegalArgumentException if {@code pair} is not an asymmetric spec
   */
  public static DataKeyPairSpec of(String cmk, CmkSpec pair, Map<String, String> context) {
    return new DataKeyPairSpec(CmkChoice.of(cmk), pair, context);
  }

  CmkChoice cmk() {
    return cmk;
  }

  CmkSpec pair() {
    return pair;
  }

  EncryptionContext context() {
    return context;
  }
}
