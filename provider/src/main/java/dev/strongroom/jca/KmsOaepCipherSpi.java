// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.EncryptionAlgorithm;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/**
 * RSA with OAEP padding (RFC 8017 §7.1).
 *
 * <p>Without parameters MGF1 is over SHA-1 whatever the transformation's hash, as in the JDK.
 */
final class KmsOaepCipherSpi extends KmsRsaCipherSpi {
  private final String defaultHash;
  private EncryptionAlgorithm algorithm = EncryptionAlgorithm.RSAES_OAEP_SHA_1;

  KmsOaepCipherSpi(String transformation, String defaultHash) {
    super(transformation);
    this.defaultHash = defaultHash;
  }

  @Override
  void initPadding(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    algorithm = parameters == null ? algorithm(defaultHash, "SHA-1") : algorithm(parameters);
  }

  @Override
  EncryptionAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  int leastPadding() {
    return 2 * Hashes.of(algorithm.hash()).getDigestLength() + 2;
  }

  private static EncryptionAlgorithm algorithm(AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (!(parameters instanceof OAEPParameterSpec oaep)
        || !(oaep.getMGFParameters() instanceof MGF1ParameterSpec mgf1)) {
      throw new InvalidAlgorithmParameterException(
          "RSA-OAEP takes an OAEPParameterSpec with MGF1 parameters, or nothing.");
    }
    if (!(oaep.getPSource() instanceof PSource.PSpecified label) || label.getValue().length != 0) {
      throw new InvalidAlgorithmParameterException(
          "RSA-OAEP on a KMS key has no label. Use PSource.PSpecified.DEFAULT.");
    }
    return algorithm(
        Hashes.standardName(oaep.getDigestAlgorithm()),
        Hashes.standardName(mgf1.getDigestAlgorithm()));
  }

  private static EncryptionAlgorithm algorithm(String hash, String mgfHash)
      throws InvalidAlgorithmParameterException {
    for (EncryptionAlgorithm candidate : EncryptionAlgorithm.values()) {
      if (candidate.hash().equals(hash) && candidate.mgfHash().equals(mgfHash)) {
        return candidate;
      }
    }
    throw new InvalidAlgorithmParameterException(
        "RSA-OAEP with "
            + hash
            + " and MGF1 over "
            + mgfHash
            + " is not what KMS keys do: any of SHA-1 and the SHA-2 family, and MGF1 over the same"
            + " hash, or over any of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.");
  }

  @Override
  AlgorithmParameterSpec specOf(AlgorithmParameters parameters)
      throws InvalidAlgorithmParameterException {
    try {
      return parameters.getParameterSpec(OAEPParameterSpec.class);
    } catch (InvalidParameterSpecException e) {
      throw new InvalidAlgorithmParameterException("RSA-OAEP takes parameters of type OAEP", e);
    }
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    if (!isInitialised()) {
      return null;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("OAEP", "SunJCE");
      parameters.init(
          new OAEPParameterSpec(
              algorithm.hash(),
              "MGF1",
              new MGF1ParameterSpec(algorithm.mgfHash()),
              PSource.PSpecified.DEFAULT));
      return parameters;
    } catch (NoSuchAlgorithmException | NoSuchProviderException | InvalidParameterSpecException e) {
      throw new IllegalStateException("This JVM's provider SunJCE has no OAEP parameters", e);
    }
  }
}
