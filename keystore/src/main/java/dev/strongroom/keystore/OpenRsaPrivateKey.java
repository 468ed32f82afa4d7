// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.math.BigInteger;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/** The private half of an RSA data key pair. */
final class OpenRsaPrivateKey extends OpenPrivateKey<RSAPrivateCrtKey> implements RSAPrivateCrtKey {
  private static final long serialVersionUID = 1;

  OpenRsaPrivateKey(RSAPrivateCrtKey inner, byte[] pkcs8, byte[] ciphertextBlob) {
    super(inner, pkcs8, ciphertextBlob);
  }

  @Override
  public BigInteger getModulus() {
    return inner().getModulus();
  }

  @Override
  public BigInteger getPublicExponent() {
    return inner().getPublicExponent();
  }

  @Override
  public BigInteger getPrivateExponent() {
    return inner().getPrivateExponent();
  }

  @Override
  public BigInteger getPrimeP() {
    return inner().getPrimeP();
  }

  @Override
  public BigInteger getPrimeQ() {
    return inner().getPrimeQ();
  }

  @Override
  public BigInteger getPrimeExponentP() {
    return inner().getPrimeExponentP();
  }

  @Override
  public BigInteger getPrimeExponentQ() {
    return inner().getPrimeExponentQ();
  }

  @Override
  public BigInteger getCrtCoefficient() {
    return inner().getCrtCoefficient();
  }

  @Override
  public @Nullable AlgorithmParameterSpec getParams() {
    return inner().getParams();
  }
}
