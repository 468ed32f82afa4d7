// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.DataKey;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.GenerateDataKeyResult;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** {@code KeyGenerator} {@code KmsDataKey}: KMS GenerateDataKey. The KMS draws the random bytes. */
final class KmsDataKeyGeneratorSpi extends KeyGeneratorSpi {
  private final Connection connection;
  private @Nullable DataKeySpec spec;

  KmsDataKeyGeneratorSpi(Connection connection) {
    this.connection = connection;
  }

  @Override
  protected void engineInit(AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
      throws InvalidAlgorithmParameterException {
    spec = JcaErrors.ours(parameters, DataKeySpec.class, "KeyGenerator KmsDataKey");
  }

  /** Leaves the generator as it is: it has no use for random bytes of others. */
  @Override
  protected void engineInit(SecureRandom random) {}

  @Override
  protected void engineInit(int bits, SecureRandom random) {
    throw new InvalidParameterException(
        "KeyGenerator KmsDataKey needs a KMS key as well as a size. Call init with a DataKeySpec.");
  }

  /** Returns a {@link DataKey}. */
  @Override
  protected SecretKey engineGenerateKey() {
    if (spec == null) {
      throw new IllegalStateException(
          "KeyGenerator KmsDataKey was not initialised. Call init with a DataKeySpec.");
    }
    try {
      CmkChoice.Resolved cmk = spec.cmk().resolve(connection);
      GenerateDataKeyResult result =
          cmk.kms().generateDataKey(cmk.caller(), cmk.key(), spec.length(), spec.context());
      return DataKey.owning(result.plaintext(), "AES", result.ciphertextBlob());
    } catch (KmsException e) {
      throw JcaErrors.unchecked(e);
    }
  }
}
