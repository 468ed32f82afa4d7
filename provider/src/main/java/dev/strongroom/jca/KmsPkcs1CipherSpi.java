// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.EncryptionAlgorithm;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * RSA with the padding of PKCS#1 version 1.5 (RFC 8017 §7.2), for keys that an administrator
 * allowed it for. A ciphertext with wrong padding decrypts to bytes that nobody can foresee: there
 * is no {@code BadPaddingException} for it, and callers that need to know must check the message
 * itself.
 */
final class KmsPkcs1CipherSpi extends KmsRsaCipherSpi {
  private static final int LEAST_PADDING = 11;

  /** What JSSE first asks for; the class is inside the JDK and cannot be named. */
  private static final String TLS_PARAMETERS = "TlsRsaPremasterSecretParameterSpec";

  KmsPkcs1CipherSpi(String transformation) {
    super(transformation);
  }

  @Override
  void initPadding(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (parameters == null) {
      return;
    }
    if (parameters.getClass().getSimpleName().equals(TLS_PARAMETERS)) {
      // JSSE then decrypts, checks length and version, and goes on with random bytes if wrong.
      throw new InvalidKeyException("KMS keys do not unwrap premaster secrets; decrypt them.");
    }
    throw new InvalidAlgorithmParameterException("PKCS#1 v1.5 padding takes no parameters");
  }

  @Override
  EncryptionAlgorithm algorithm() {
    return EncryptionAlgorithm.RSAES_PKCS1_V1_5;
  }

  @Override
  int leastPadding() {
    return LEAST_PADDING;
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    return null;
  }

  @Override
  AlgorithmParameterSpec specOf(AlgorithmParameters parameters)
      throws InvalidAlgorithmParameterException {
    throw new InvalidAlgorithmParameterException("PKCS#1 v1.5 padding takes no parameters");
  }
}
