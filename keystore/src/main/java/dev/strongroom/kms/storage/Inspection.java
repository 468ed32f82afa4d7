// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException.StoreTampered;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the store without trusting it: goes on where everything else refuses, and says of each row
 * what is wrong with it. One MAC a row, so it is slow; for whoever looks for the damage.
 */
final class Inspection {
  private static final int PAGE = 500;

  private final Session session;
  private final RowMacs macs;
  private final List<StoreContents.StoredRow> rows = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  Inspection(Session session, RowMacs macs) {
    this.session = session;
    this.macs = macs;
  }

  StoreContents run() throws SQLException {
    long revision = session.number("SELECT revision FROM head");
    for (Table table : Table.covered()) {
      try {
        look(table);
      } catch (StoreTampered e) {
        unreadable.add(e.getMessage() == null ? table.sqlName() : e.getMessage());
      }
    }
    return new StoreContents(revision, rows, unreadable);
  }

  private void look(Table table) throws SQLException {
    List<Row> page;
    Object[] after = {};
    do {
      page = session.select(table, pageSql(table, after.length > 0), after);
      for (Row root : page) {
        look(root);
      }
      after = page.isEmpty() ? after : page.get(page.size() - 1).key().toArray();
    } while (page.size() == PAGE);
  }

  private static String pageSql(Table table, boolean isFurther) {
    String key = "(" + String.join(", ", table.ownerKeyNames()) + ")";
    String marks = "(" + String.join(", ", table.ownerKeyNames().stream().map(n -> "?").toList());
    return table.selectSql()
        + (isFurther ? " WHERE " + key + " > " + marks + ")" : "")
        + " ORDER BY "
        + String.join(", ", table.ownerKeyNames())
        + " LIMIT "
        + PAGE;
  }

  private void look(Row root) throws SQLException {
    Table table = root.table();
    rows.add(
        new StoreContents.StoredRow(
            root.name(), Changes.hash(root), root.revision(), table.isRecorded(), damage(root)));
  }

  private Optional<String> damage(Row root) throws SQLException {
    try {
      List<Row> owned = new ArrayList<>();
      for (Table table : root.table().owned()) {
        owned.addAll(session.select(table, table.selectByOwnerSql(), root.key().toArray()));
      }
      macs.verify(new Aggregate(root, owned));
      if (root.table() == Table.CMK) {
        new GrantParts(session, macs, root).verify();
      }
      return Optional.empty();
    } catch (StoreTampered e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
