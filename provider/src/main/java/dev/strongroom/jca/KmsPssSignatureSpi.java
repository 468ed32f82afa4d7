// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.service.SignRequest;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code RSASSA-PSS}, and {@code SHA256withRSAandMGF1} and its kind, which have default parameters.
 */
final class KmsPssSignatureSpi extends KmsSignatureSpi<KmsRsaPrivateKey> {
  private boolean updated;
  private @Nullable MessageDigest digest;

  /**
   * @param defaults null where the caller must set parameters before data
   */
  KmsPssSignatureSpi(String name, @Nullable PSSParameterSpec defaults) {
    super(name, KmsRsaPrivateKey.class, defaults);
  }

  @Override
  void requireDoable(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    PssParameters.algorithm(PssParameters.check(wanted));
  }

  @Override
  void use(@Nullable AlgorithmParameterSpec doable) throws InvalidAlgorithmParameterException {
    if (updated) {
      throw new InvalidAlgorithmParameterException(
          "The parameters of " + name() + " cannot change in the middle of a message");
    }
    digest = Hashes.of(PssParameters.algorithm(PssParameters.check(doable)).hash());
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    return parameters() instanceof PSSParameterSpec pss ? PssParameters.encodable(pss) : null;
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) throws SignatureException {
    digest().update(bytes, offset, count);
    updated = true;
  }

  @Override
  void reset() {
    updated = false;
    if (digest != null) {
      digest.reset();
    }
  }

  @Override
  SignRequest request() throws SignatureException {
    byte[] hash = digest().digest();
    updated = false;
    try {
      return SignRequest.digest(PssParameters.algorithm(PssParameters.check(parameters())), hash);
    } catch (InvalidAlgorithmParameterException e) {
      throw new SignatureException(e.getMessage(), e);
    }
  }

  private MessageDigest digest() throws SignatureException {
    if (parameters() == null) {
      throw new SignatureException(
          name()
              + " has no parameters. Call setParameter, for example with new PSSParameterSpec("
              + "\"SHA-256\", \"MGF1\", MGF1ParameterSpec.SHA256, 32, 1).");
    }
    if (digest == null) {
      throw new SignatureException("Signature " + name() + " was not initialised");
    }
    return digest;
  }
}
