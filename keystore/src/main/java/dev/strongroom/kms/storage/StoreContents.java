// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.util.List;
import java.util.Optional;

/**
 * What stands in the store, whether or not it is what a KMS wrote.
 *
 * @param revision what the head row says
 * @param rows those that own others or stand alone
 * @param unreadable what could not be read at all, a sentence each
 */
public record StoreContents(long revision, List<StoredRow> rows, List<String> unreadable) {

  public StoreContents {
    rows = List.copyOf(rows);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * One row.
   *
   * @param name table and primary key, as in {@link dev.strongroom.kms.RowChange}
   * @param hash as there
   * @param revision at which it says that it was written
   * @param isRecorded whether the trail has what happens to rows of its table
   * @param damage what is wrong with it or the rows that it owns, by their MACs; a sentence
   */
  public record StoredRow(
      String name, String hash, long revision, boolean isRecorded, Optional<String> damage) {}
}
