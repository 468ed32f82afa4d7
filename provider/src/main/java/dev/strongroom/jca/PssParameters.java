// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.SigningAlgorithm.Padding;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of RSASSA-PSS's parameters (RFC 8017 §A.2.3) KMS keys can do. */
final class PssParameters {
  private PssParameters() {}

  /** Returns the only parameters that KMS keys have with this hash. */
  static PSSParameterSpec of(String hash) {
    return new PSSParameterSpec(
        hash,
        "MGF1",
        new MGF1ParameterSpec(hash),
        Hashes.of(hash).getDigestLength(),
        PSSParameterSpec.TRAILER_FIELD_BC);
  }

  /**
   * Returns {@code parameters} as what they must be in any provider.
   *
   * @throws InvalidAlgorithmParameterException if they are of another class
   */
  static PSSParameterSpec check(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters instanceof PSSParameterSpec pss) {
      return pss;
    }
    throw new InvalidAlgorithmParameterException("RSASSA-PSS takes a PSSParameterSpec");
  }

  /**
   * Returns how a KMS key signs with these parameters.
   *
   * @throws InvalidAlgorithmParameterException if it can't; the message says what it can
   */
  static SigningAlgorithm algorithm(PSSParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    String hash = Hashes.standardName(parameters.getDigestAlgorithm());
    Optional<SigningAlgorithm> algorithm = SigningAlgorithm.find(KeyType.RSA, Padding.PSS, hash);
    if (algorithm.isEmpty()) {
      throw new InvalidAlgorithmParameterException(
          "KMS keys do RSASSA-PSS with SHA-1 and the SHA-2 and SHA-3 families, not " + hash);
    }
    requireUsual(parameters, hash);
    return algorithm.get();
  }

  private static void requireUsual(PSSParameterSpec parameters, String hash)
      throws InvalidAlgorithmParameterException {
    boolean sameHash =
        parameters.getMGFAlgorithm().equals("MGF1")
            && parameters.getMGFParameters() instanceof MGF1ParameterSpec mgf1
            && Hashes.standardName(mgf1.getDigestAlgorithm()).equals(hash);
    int saltBytes = Hashes.of(hash).getDigestLength();
    if (!sameHash
        || parameters.getSaltLength() != saltBytes
        || parameters.getTrailerField() != PSSParameterSpec.TRAILER_FIELD_BC) {
      throw new InvalidAlgorithmParameterException(
          "KMS keys do RSASSA-PSS with "
              + hash
              + " only with MGF1 over "
              + hash
              + ", a salt of "
              + saltBytes
              + " bytes and trailer field 1, not with "
              + parameters);
    }
  }

  /** Returns the parameters in their encodable form. */
  static AlgorithmParameters encodable(PSSParameterSpec parameters) {
    try {
      AlgorithmParameters result = AlgorithmParameters.getInstance("RSASSA-PSS", "SunRsaSign");
      result.init(parameters);
      return result;
    } catch (NoSuchAlgorithmException | NoSuchProviderException | InvalidParameterSpecException e) {
      throw new IllegalStateException("This JVM's SunRsaSign has no RSASSA-PSS parameters", e);
    }
  }
}
