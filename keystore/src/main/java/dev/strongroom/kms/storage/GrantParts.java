// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Reads the grants of a key part by part, each checked against the hash in the key's row: without a
 * MAC, and showing an absence. For one transaction.
 */
final class GrantParts {
  private static final String BY_KEY = Table.KEY_GRANT.selectSql() + " WHERE key_id = ?";
  private static final String BY_PART = BY_KEY + " AND grant_id >= ? AND grant_id < ?";

  private final Session session;
  private final RowMacs macs;
  private final Row key;
  private final GrantHash hash;

  /** {@code key} is authentic, or will be found so. */
  GrantParts(Session session, RowMacs macs, Row key) {
    this.session = session;
    this.macs = macs;
    this.key = key;
    this.hash = GrantHash.of(key);
  }

  GrantHash hash() {
    return hash;
  }

  /** Returns the rows of one part. */
  List<Row> read(int part) throws SQLException {
    int parts = hash.parts();
    List<Row> rows =
        session.select(
            Table.KEY_GRANT,
            BY_PART,
            key.text("key_id"),
            GrantHash.lowestId(part, parts),
            GrantHash.lowestId(part + 1, parts));
    check(part, rows);
    return rows;
  }

  /**
   * Returns what is made of the rows of each part; by several threads, since that is most of the
   * work with a key that has many grants.
   */
  <T> List<T> readAll(Function<List<Row>, T> each) throws SQLException {
    int parts = hash.parts();
    if (parts == 0) {
      return List.of();
    }
    List<List<Row>> rows =
        split(session.select(Table.KEY_GRANT, BY_KEY, key.text("key_id")), parts);
    return IntStream.range(0, parts)
        .parallel()
        .mapToObj(
            part -> {
              check(part, rows.get(part));
              return each.apply(rows.get(part));
            })
        .toList();
  }

  /** Divides rows; ids that no grant has are in the first part, where they are found out. */
  static List<List<Row>> split(List<Row> rows, int parts) {
    List<List<Row>> split = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      split.add(new ArrayList<>());
    }
    for (Row row : rows) {
      String id = row.text("grant_id");
      split.get(id.length() < 2 ? 0 : Math.max(0, GrantHash.partOf(id, parts))).add(row);
    }
    return split;
  }

  /** Checks all parts and returns how many grants there are. */
  long verify() throws SQLException {
    for (int part = 0; part < hash.parts(); part++) {
      read(part);
    }
    return hash.count();
  }

  private void check(int part, List<Row> rows) {
    byte[] found = RowMacs.ownedHash(Table.KEY_GRANT.sqlName(), rows);
    if (!MessageDigest.isEqual(hash.part(part), found)) {
      throw macs.diagnosis(key, Table.KEY_GRANT, rows);
    }
  }
}
