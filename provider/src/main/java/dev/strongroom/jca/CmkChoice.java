// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyNames;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.service.Kms;

/** Which KMS key a spec means: a handle, which knows its KMS and caller, or a name. */
sealed interface CmkChoice {

  /** A key, the KMS that has it, and who uses it. */
  record Resolved(Kms kms, Caller caller, KeyRef key) {}

  /** Returns what is meant; a name is one of {@code connection}'s KMS and default caller. */
  Resolved resolve(Connection connection);

  /**
   * @throws IllegalArgumentException if the handle's key encrypts nothing
   */
  static CmkChoice of(KmsSecretKey handle) {
    if (handle.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new IllegalArgumentException(
          "Data keys are encrypted under a key of spec SYMMETRIC_DEFAULT, and "
              + handle.arn()
              + " is of spec "
              + handle.metadata().spec()
              + ".");
    }
    return new Handle(handle);
  }

  /**
   * @param name an alias, with or without {@code alias/}, a key id or an ARN
   * @throws IllegalArgumentException if it is none
   */
  static CmkChoice of(String name) {
    return new Name(KeyNames.parse(name));
  }

  /** A handle from a KeyStore. */
  record Handle(KmsSecretKey handle) implements CmkChoice {
    @Override
    public Resolved resolve(Connection connection) {
      return new Resolved(handle.kms(), handle.caller(), handle.arn());
    }
  }

  /** A name of the provider's own KMS. */
  record Name(KeyRef key) implements CmkChoice {
    @Override
    public Resolved resolve(Connection connection) {
      return new Resolved(connection.kms(), connection.caller(), key);
    }
  }
}
