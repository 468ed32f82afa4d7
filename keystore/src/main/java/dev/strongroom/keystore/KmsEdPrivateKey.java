// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import java.security.interfaces.EdECKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;

/** A reference to the private half of an Ed25519 key of a KMS. */
public final class KmsEdPrivateKey extends KmsPrivateKey implements EdECKey {
  private static final long serialVersionUID = 1;

  KmsEdPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, EdECPublicKey publicKey) {
    super(kms, caller, metadata, publicKey);
  }

  /** Returns the curve, by which the JDK finds the signature's object identifier. */
  @Override
  public NamedParameterSpec getParams() {
    return NamedParameterSpec.ED25519;
  }
}
