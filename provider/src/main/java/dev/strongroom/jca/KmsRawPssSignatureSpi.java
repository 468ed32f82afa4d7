// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code NONEwithRSASSA-PSS}: signs a hash that the caller made. Parameters must be set before the
 * signature is asked for; they say which hash it is.
 */
final class KmsRawPssSignatureSpi extends KmsSignatureSpi<KmsRsaPrivateKey> {
  private static final int MAX_HASH_BYTES = 64;

  private final MessageBuffer hash = new MessageBuffer(MAX_HASH_BYTES);

  KmsRawPssSignatureSpi(String name) {
    super(name, KmsRsaPrivateKey.class, null);
  }

  @Override
  void requireDoable(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    PssParameters.algorithm(PssParameters.check(wanted));
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    return parameters() instanceof PSSParameterSpec pss ? PssParameters.encodable(pss) : null;
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) {
    hash.add(bytes, offset, count);
  }

  @Override
  void reset() {
    hash.clear();
  }

  @Override
  SignRequest request() throws SignatureException {
    long length = hash.length();
    byte[] digest = hash.isTooLong() ? new byte[0] : hash.toBytes();
    hash.clear();
    SigningAlgorithm algorithm = algorithm();
    int expected = Hashes.of(algorithm.hash()).getDigestLength();
    if (digest.length != expected) {
      throw new SignatureException(
          name()
              + " with "
              + algorithm.hash()
              + " signs a hash of "
              + expected
              + " bytes, not "
              + length
              + " bytes. Use RSASSA-PSS for a message.");
    }
    return SignRequest.digest(algorithm, digest);
  }

  private SigningAlgorithm algorithm() throws SignatureException {
    if (parameters() == null) {
      throw new SignatureException(
          name() + " has no parameters. Call setParameter with a PSSParameterSpec.");
    }
    try {
      return PssParameters.algorithm(PssParameters.check(parameters()));
    } catch (InvalidAlgorithmParameterException e) {
      throw new SignatureException(e.getMessage(), e);
    }
  }
}
