// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.DataKeyPrivateKey;
import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code KeyPairGenerator} {@code KmsDataKeyPair}: KMS GenerateDataKeyPair. The public key is one
 * of the JDK's, the private key a {@link DataKeyPrivateKey}.
 */
final class KmsDataKeyPairGeneratorSpi extends KeyPairGeneratorSpi {
  private final Connection connection;
  private @Nullable DataKeyPairSpec spec;

  KmsDataKeyPairGeneratorSpi(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void initialize(AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
      throws InvalidAlgorithmParameterException {
    spec = JcaErrors.ours(parameters, DataKeyPairSpec.class, "KeyPairGenerator KmsDataKeyPair");
  }

  @Override
  public void initialize(int bits, @Nullable SecureRandom random) {
    throw new InvalidParameterException(
        "KeyPairGenerator KmsDataKeyPair needs a KMS key and a kind of pair. Call initialize with a"
            + " DataKeyPairSpec.");
  }

  @Override
  public KeyPair generateKeyPair() {
    if (spec == null) {
      throw new IllegalStateException(
          "KeyPairGenerator KmsDataKeyPair was not initialised. Call initialize with a"
              + " DataKeyPairSpec.");
    }
    try {
      CmkChoice.Resolved cmk = spec.cmk().resolve(connection);
      return DataKeyPrivateKey.pair(
          cmk.kms().generateDataKeyPair(cmk.caller(), cmk.key(), spec.pair(), spec.context()));
    } catch (KmsException e) {
      throw JcaErrors.unchecked(e);
    }
  }
}
