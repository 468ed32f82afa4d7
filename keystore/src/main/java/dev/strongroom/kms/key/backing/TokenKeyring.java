// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.StoredObject;
import java.util.Optional;

/**
 * Keys that live in the tokens of custom key stores. Thread-safe. Methods throw {@link
 * dev.strongroom.hsm.HsmException} where a token fails, and {@link
 * KmsException.CustomKeyStoreInvalidState} where the store is not connected.
 */
public interface TokenKeyring {

  /** That of a KMS without custom key stores. */
  TokenKeyring NONE =
      new TokenKeyring() {
        @Override
        public BackingKey create(StoredObject object, String label) {
          throw none(object);
        }

        @Override
        public BackingKey open(StoredObject object) {
          throw none(object);
        }

        @Override
        public Optional<String> destroy(StoredObject object) {
          return Optional.empty();
        }
      };

  private static KmsException none(StoredObject object) {
    return new KmsException.CustomKeyStoreNotFound(
        "There is no custom key store " + object.store() + " here.");
  }

  /**
   * Makes a secret of 32 bytes in the token of the store that {@code object} names.
   *
   * @param label for people who look into the token
   */
  BackingKey create(StoredObject object, String label);

  /**
   * Finds a key in its token; whether it is the right one is for the caller to check, each time.
   *
   * @throws dev.strongroom.hsm.HsmException.Untrustworthy if the token has none of that id
   */
  BackingKey open(StoredObject object);

  /**
   * Destroys the object of a key that is gone.
   *
   * @return what became of it, for the record; empty if it could not be done now
   */
  Optional<String> destroy(StoredObject object);
}
