// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;

/**
 * An account that has, or had, identities.
 *
 * @param account 12 digits
 */
record AccountRow(String account, Instant creationDate) {}
