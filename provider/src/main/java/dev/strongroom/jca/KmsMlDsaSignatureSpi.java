// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsMlDsaPrivateKey;
import dev.strongroom.keystore.PostQuantumKeys;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.spec.NamedParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code ML-DSA}, and {@code ML-DSA-65} and its kind, which take keys of that parameter set only.
 * The message is hashed here, with the public key; the KMS signs the hash. It has no limit of size.
 */
final class KmsMlDsaSignatureSpi extends KmsSignatureSpi<KmsMlDsaPrivateKey> {
  private PostQuantumKeys.@Nullable Mu mu;

  KmsMlDsaSignatureSpi(String name) {
    super(name, KmsMlDsaPrivateKey.class, null);
  }

  @Override
  void begin(KmsMlDsaPrivateKey signer) throws InvalidKeyException {
    NamedParameterSpec set = signer.getParams();
    if (!name().equals("ML-DSA") && !name().equals(set.getName())) {
      throw new InvalidKeyException(
          name()
              + " does not sign with a key of "
              + set.getName()
              + ". Use ML-DSA for any of them.");
    }
    mu = new PostQuantumKeys.Mu(signer.publicKey());
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) throws SignatureException {
    mu().update(bytes, offset, count);
  }

  @Override
  void reset() {
    mu = null;
  }

  @Override
  SignRequest request() throws SignatureException {
    return SignRequest.externalMu(SigningAlgorithm.ML_DSA_SHAKE_256, mu().finish());
  }

  private PostQuantumKeys.Mu mu() throws SignatureException {
    if (mu == null) {
      throw new SignatureException("Signature " + name() + " was not initialised for signing");
    }
    return mu;
  }
}
