// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;

/**
 * An account of the store.
 *
 * @param account 12 digits
 * @param name what people call it; empty for the one that the store was made with
 */
public record AccountRow(String account, String name, Instant creationDate) {}
