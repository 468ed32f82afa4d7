// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;

/** A reference to the private half of an ML-DSA key of a KMS. */
public final class KmsMlDsaPrivateKey extends KmsPrivateKey {
  private static final long serialVersionUID = 1;

  KmsMlDsaPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, PublicKey publicKey) {
    super(kms, caller, metadata, publicKey);
  }

  /** Returns the parameter set, by its standard name. */
  @Override
  public NamedParameterSpec getParams() {
    return new NamedParameterSpec(metadata().spec().name().replace('_', '-'));
  }
}
