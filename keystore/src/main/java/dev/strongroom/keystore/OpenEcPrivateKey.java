// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;

/** The private half of an elliptic curve data key pair. */
final class OpenEcPrivateKey extends OpenPrivateKey<ECPrivateKey> implements ECPrivateKey {
  private static final long serialVersionUID = 1;

  OpenEcPrivateKey(ECPrivateKey inner, byte[] pkcs8, byte[] ciphertextBlob) {
    super(inner, pkcs8, ciphertextBlob);
  }

  @Override
  public BigInteger getS() {
    return inner().getS();
  }

  @Override
  public ECParameterSpec getParams() {
    return inner().getParams();
  }
}
