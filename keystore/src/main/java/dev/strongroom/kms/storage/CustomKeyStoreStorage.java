// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.util.List;
import java.util.Optional;

/** Where custom key stores rest. Otherwise as {@link KeyStorage}. */
public interface CustomKeyStoreStorage {

  /** How many an account may have. */
  int PER_ACCOUNT = 10;

  /** Returns those of an account, by id. */
  List<CustomKeyStoreRow> list(String account);

  /** Returns the one of that id, of whatever account. */
  Optional<CustomKeyStoreRow> find(String id);

  /**
   * Writes a new one or a changed one.
   *
   * @throws KmsException.CustomKeyStoreNameInUse if another one of the account has its name
   * @throws KmsException.CloudHsmClusterInUse if another one has its token
   * @throws KmsException.LimitExceeded if a new one is the eleventh of its account
   * @throws KmsException.Conflict if it was changed since it was read
   */
  void save(CustomKeyStoreRow store);

  /**
   * Removes one.
   *
   * @throws KmsException.CustomKeyStoreHasCMKs if there are keys in it
   * @throws KmsException.Conflict if it was changed since it was read
   */
  void delete(CustomKeyStoreRow store);
}
