// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import java.security.AlgorithmParameters;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AES with GCM, KW and KWP on a KMS key: refused, with the names of what to use. Their output has
 * no room for what a rotating, committing key needs. Data keys have an encoding, and every other
 * provider's AES takes them.
 */
final class KmsAesCipherSpi extends PassingCipherSpi {
  KmsAesCipherSpi(String transformation) {
    super(transformation, KmsSecretKey.class);
  }

  @Override
  void initOurs(int mode, Key key, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException {
    KmsSecretKey handle = JcaErrors.ours(key, KmsSecretKey.class, transformation());
    throw new InvalidKeyException(
        transformation()
            + " does not work with the KMS key "
            + handle.arn()
            + ": its output has no room for the name of the key. Use Cipher \"Kms\" for up to 4096"
            + " bytes and for keys, Cipher \"KmsEnvelope\" for more, or a data key of KeyGenerator"
            + " \"KmsDataKey\" with this transformation.");
  }

  @Override
  protected int engineGetKeySize(Key key) throws InvalidKeyException {
    byte[] encoded = key.getEncoded();
    if (encoded == null) {
      return JcaErrors.ours(key, KmsSecretKey.class, transformation()).metadata().spec().bits();
    }
    int bits = 8 * encoded.length;
    Arrays.fill(encoded, (byte) 0);
    return bits;
  }

  @Override
  @Nullable AlgorithmParameterSpec specOf(AlgorithmParameters parameters) {
    return null;
  }

  // initOurs always throws, so nothing follows it.

  @Override
  void updateOurs(byte[] source, int offset, int count) {
    throw notInitialised();
  }

  @Override
  int outputSizeOurs(int inputBytes) {
    throw notInitialised();
  }

  @Override
  byte[] doFinalOurs() {
    throw notInitialised();
  }

  @Override
  Key unwrapOurs(byte[] wrapped, String algorithm, int type) {
    throw notInitialised();
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    return null;
  }

  private IllegalStateException notInitialised() {
    return new IllegalStateException(transformation() + " was not initialised");
  }
}
