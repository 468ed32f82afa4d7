// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException.StoreTampered;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes rows authentic. {@code enc} is {@link CanonicalEncoding}; hashes are SHA-256.
 *
 * <table>
 * <caption>From a column to the head</caption>
 * <tr><td>hash of a row</td><td>{@code enc(table, primary key columns, revision, other columns)} in
 * the order of {@link Table}; a column of a later migration is its name and value, where it has
 * one</td></tr>
 * <tr><td>mac of a row</td><td>{@link RowAuthenticator#mac} of mac_version and the hash of the
 * row</td></tr>
 * <tr><td>leaf of a row</td><td>{@code enc("leaf", hash, mac_version, mac)}</td></tr>
 * <tr><td>{@code <table>_hash} in an owner</td><td>{@code enc(table, number of rows, leaves in
 * ascending order of their bytes as unsigned numbers)}; absent where there are no rows and the table
 * came with a later migration than its owner</td></tr>
 * <tr><td>key_grant_hash in a key</td><td>the same in parts, see {@link GrantHash}</td></tr>
 * <tr><td>set_hash in the head</td><td>{@link SetHash} of the leaves of all roots; row_count is
 * their number</td></tr>
 * </table>
 *
 * <p>So the one MAC of a root vouches for all rows that it owns, their MACs included, and shows an
 * absence; and the one MAC of the head vouches for every row of the store. The MACs of owned rows
 * serve to tell which one was altered. Thread-safe.
 */
final class RowMacs {
  private final RowAuthenticator authenticator;

  RowMacs(RowAuthenticator authenticator) {
    this.authenticator = authenticator;
  }

  static byte[] hash(Row row) {
    Table table = row.table();
    CanonicalEncoding encoding = new CanonicalEncoding().add(table.sqlName());
    for (int i = 0; i < table.keyColumns(); i++) {
      add(encoding, row.value(i));
    }
    encoding.add(row.revision());
    for (int i = table.keyColumns(); i < table.columns().size(); i++) {
      Table.Column column = table.columns().get(i);
      if (!column.isLater()) {
        add(encoding, row.value(i));
      } else if (row.value(i) != null) {
        add(encoding.add(column.name()), row.value(i));
      }
    }
    return encoding.sha256();
  }

  private static void add(CanonicalEncoding encoding, @Nullable Object v) {
    if (v instanceof Long number) {
      encoding.add(number.longValue());
    } else if (v instanceof String text) {
      encoding.add(text);
    } else {
      encoding.add((byte[]) v);
    }
  }

  static byte[] leaf(Row row) {
    return new CanonicalEncoding()
        .add("leaf")
        .add(hash(row))
        .add(row.macVersion())
        .add(row.mac())
        .sha256();
  }

  /** Returns what the owner's column {@link Table#hashColumn()} must hold. */
  static byte @Nullable [] ownedHash(Table owned, List<Row> rows) {
    return rows.isEmpty() && owned.isLater() ? null : ownedHash(owned.sqlName(), rows);
  }

  static byte[] ownedHash(String table, List<Row> rows) {
    List<byte[]> leaves = new ArrayList<>(rows.size());
    for (Row row : rows) {
      leaves.add(leaf(row));
    }
    leaves.sort(Arrays::compareUnsigned);
    CanonicalEncoding encoding = new CanonicalEncoding().add(table).add(leaves.size());
    leaves.forEach(encoding::add);
    return encoding.sha256();
  }

  /** Returns the row as it is written in the transaction that makes {@code revision}. */
  Row seal(Row row, long revision) {
    Row dated = row.withRevision(revision);
    int version = authenticator.currentVersion();
    return dated.withMac(version, authenticator.mac(version, hash(dated)));
  }

  /** Returns whether a row was written under the version that rows are written under now. */
  boolean isCurrent(Row row) {
    return row.macVersion() == authenticator.currentVersion();
  }

  boolean isAuthentic(Row row) {
    long version = row.macVersion();
    return version == (int) version
        && authenticator.accepts((int) version)
        && MessageDigest.isEqual(row.mac(), authenticator.mac((int) version, hash(row)));
  }

  /**
   * Returns the row, which is authentic by itself.
   *
   * @throws StoreTampered naming the row
   */
  Row require(Row row) {
    if (!isAuthentic(row)) {
      throw Tampering.altered(row);
    }
    return row;
  }

  /**
   * Checks a root and all rows that it owns, with one MAC when all is well.
   *
   * @throws StoreTampered naming the row
   */
  void verify(Aggregate aggregate) {
    require(aggregate.root());
    verifyOwned(aggregate);
  }

  /** Checks the owned rows against a root that is authentic or will be found so: without a MAC. */
  void verifyOwned(Aggregate aggregate) {
    for (Table owned : aggregate.root().table().owned()) {
      List<Row> rows = aggregate.owned(owned);
      byte @Nullable [] expected = aggregate.root().maybeBytes(owned.hashColumn());
      if (!MessageDigest.isEqual(expected, ownedHash(owned, rows))) {
        throw diagnosis(aggregate.root(), owned, rows);
      }
    }
  }

  /** Returns which row is to blame where owned rows are not those that the root vouches for. */
  StoreTampered diagnosis(Row root, Table owned, List<Row> rows) {
    if (!isAuthentic(root)) {
      return Tampering.altered(root);
    }
    for (Row row : rows) {
      if (!isAuthentic(row)) {
        return Tampering.altered(row);
      }
    }
    return Tampering.incomplete(root, owned);
  }
}
