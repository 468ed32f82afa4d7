// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import java.security.interfaces.XECKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;

/** A reference to the private half of an X25519 key of a KMS. */
public final class KmsXecPrivateKey extends KmsPrivateKey implements XECKey {
  private static final long serialVersionUID = 1;

  KmsXecPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, XECPublicKey publicKey) {
    super(kms, caller, metadata, publicKey);
  }

  /** Returns the curve. */
  @Override
  public NamedParameterSpec getParams() {
    return NamedParameterSpec.X25519;
  }
}
