// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;

/** A reference to the private half of an elliptic curve key of a KMS. */
public final class KmsEcPrivateKey extends KmsPrivateKey implements ECKey {
  private static final long serialVersionUID = 1;

  private final transient ECParameterSpec curve;

  KmsEcPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, ECPublicKey publicKey) {
    super(kms, caller, metadata, publicKey);
    this.curve = publicKey.getParams();
  }

  /** Returns the curve. */
  @Override
  public ECParameterSpec getParams() {
    return curve;
  }
}
