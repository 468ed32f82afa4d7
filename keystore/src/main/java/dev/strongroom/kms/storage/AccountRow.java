// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * An account that has, or had, identities.
 *
 * @param account 12 digits
 * @param name what people call it; empty for the one that the store was made with
 */
public record AccountRow(String account, Instant creationDate, Optional<String> name) {

  /** An account that appears with its first identity. */
  static AccountRow unnamed(String account, Instant creationDate) {
    return new AccountRow(account, creationDate, Optional.empty());
  }
}
