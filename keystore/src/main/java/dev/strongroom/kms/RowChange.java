// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.Optional;

/**
 * What a transaction does to one row of the store.
 *
 * @param row table and primary key, as {@code cmk[1234abcd-…]}
 * @param before 64 hexadecimal digits: the hash of the row with its MAC; empty for a new row
 * @param after the same of what is written; empty for a row that is deleted
 */
public record RowChange(String row, Optional<String> before, Optional<String> after) {}
