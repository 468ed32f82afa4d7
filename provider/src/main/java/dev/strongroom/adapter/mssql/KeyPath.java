// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.mssql;

import dev.strongroom.keystore.KeyNames;
import dev.strongroom.kms.KeyRef;
import org.jspecify.annotations.Nullable;

/**
 * What SQL Server calls a column master key: {@code ENCRYPTING;SIGNING}, the names of two KMS keys,
 * because a KMS key is for one use and an encrypted column key is both encrypted and signed.
 */
record KeyPath(KeyRef encrypting, KeyRef signing) {

  /** What SQL Server's column {@code key_path} holds. */
  private static final int MAX_CHARACTERS = 4000;

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if it is none
   */
  static KeyPath parse(@Nullable String path) {
    String[] names = path == null ? new String[0] : path.split(";", -1);
    if (path == null || path.length() > MAX_CHARACTERS || names.length != 2) {
      throw new IllegalArgumentException(
          "The path of a column master key is \""
              + path
              + "\". Write the names of two RSA keys, one of usage ENCRYPT_DECRYPT and one of usage"
              + " SIGN_VERIFY, as in alias/columns;alias/columns-signing.");
    }
    return new KeyPath(KeyNames.parse(names[0].strip()), KeyNames.parse(names[1].strip()));
  }
}
