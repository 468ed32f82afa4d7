// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import javax.crypto.SecretKey;

/** A reference to a symmetric or HMAC key of a KMS. */
public final class KmsSecretKey extends KmsKeyHandle implements SecretKey {
  private static final long serialVersionUID = 1;

  KmsSecretKey(Kms kms, Caller caller, KeyMetadata metadata) {
    super(kms, caller, metadata);
  }

  /** Symmetric keys of all generations are one key to whoever uses them. */
  @Override
  String generation() {
    return "";
  }
}
