// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;

/** The private half of an Ed25519 data key pair. */
final class OpenEdPrivateKey extends OpenPrivateKey<EdECPrivateKey> implements EdECPrivateKey {
  private static final long serialVersionUID = 1;

  OpenEdPrivateKey(EdECPrivateKey inner, byte[] pkcs8, byte[] ciphertextBlob) {
    super(inner, pkcs8, ciphertextBlob);
  }

  @Override
  public Optional<byte[]> getBytes() {
    return inner().getBytes();
  }

  @Override
  public NamedParameterSpec getParams() {
    return inner().getParams();
  }
}
