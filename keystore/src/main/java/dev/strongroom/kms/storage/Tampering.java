// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException.StoreTampered;
import java.util.List;

/** The sentences about rows that are not as this KMS wrote them: which row, and what to do. */
final class Tampering {
  private static final String REMEDY =
      " Do not use the store any more; run 'strongroom doctor' and restore the last backup.";

  private Tampering() {}

  static StoreTampered altered(Row row) {
    return new StoreTampered(
        "Row " + row.name() + " of the store was altered outside this KMS." + REMEDY);
  }

  static StoreTampered incomplete(Row owner, Table owned) {
    return new StoreTampered(
        "Row "
            + owner.name()
            + " of the store does not have the rows in table "
            + owned.sqlName()
            + " that it was written with: one was removed, added or put back from an older state."
            + REMEDY);
  }

  static StoreTampered ownerless(Row row) {
    return new StoreTampered(
        "Row " + row.name() + " of the store belongs to a row that was removed." + REMEDY);
  }

  static StoreTampered ambiguous(Table table, List<?> key) {
    return new StoreTampered(
        "Row " + Row.name(table, key) + " of the store is there more than once." + REMEDY);
  }

  static StoreTampered missing(Table table) {
    return new StoreTampered(
        "The row of table " + table.sqlName() + " is missing from the store." + REMEDY);
  }

  static StoreTampered wrongType(Table table, String column) {
    return new StoreTampered(
        "Table "
            + table.sqlName()
            + " of the store has a value of the wrong type in column "
            + column
            + "."
            + REMEDY);
  }

  static StoreTampered unreadable(Row row) {
    return new StoreTampered(
        "Row " + row.name() + " of the store holds a value that no KMS writes." + REMEDY);
  }

  static StoreTampered rolledBack(long seen, long found) {
    return new StoreTampered(
        "The store was at revision "
            + seen
            + " and is now at "
            + found
            + ": an older state was put back."
            + REMEDY);
  }

  static StoreTampered otherSet() {
    return new StoreTampered(
        "The rows of the store are not those that its head row was written for: rows were removed,"
            + " added or put back from an older state."
            + REMEDY);
  }
}
