// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A root row with all rows that it owns: a key with its tokens, policy, aliases and certificates,
 * for example. What is read here is not authenticated yet; {@link RowMacs#verify} does that.
 */
final class Aggregate {
  private final Row root;
  private final Map<Table, List<Row>> owned = new EnumMap<>(Table.class);

  Aggregate(Row root) {
    this.root = root;
  }

  Aggregate(Row root, Collection<Row> ownedRows) {
    this.root = root;
    ownedRows.forEach(this::add);
  }

  private void add(Row row) {
    owned.computeIfAbsent(row.table(), table -> new ArrayList<>(1)).add(row);
  }

  Row root() {
    return root;
  }

  List<Row> owned(Table table) {
    return owned.getOrDefault(table, List.of());
  }

  /** Reads one root by its primary key. */
  static Optional<Aggregate> find(Session session, Table table, Object... key) throws SQLException {
    List<Row> roots = session.select(table, table.selectByOwnerSql(), key);
    if (roots.size() > 1) {
      throw Tampering.ambiguous(table, List.of(key));
    }
    List<Row> rows = new ArrayList<>();
    for (Table owned : table.owned()) {
      rows.addAll(session.select(owned, owned.selectByOwnerSql(), key));
    }
    if (roots.isEmpty() && !rows.isEmpty()) {
      throw Tampering.ownerless(rows.get(0));
    }
    return roots.isEmpty() ? Optional.empty() : Optional.of(new Aggregate(roots.get(0), rows));
  }

  /**
   * Reads up to {@code limit} roots in the order of their primary keys, those after {@code after}.
   * Rows whose owner is missing are found as well: fewer than {@code limit} roots end the table.
   *
   * @param after a primary key, or null to begin
   */
  static List<Aggregate> page(Session session, Table table, @Nullable List<Object> after, int limit)
      throws SQLException {
    String key = String.join(", ", table.ownerKeyNames());
    String lower = after == null ? "" : " WHERE (" + key + ") > " + marks(after);
    String sql = table.selectSql() + lower + " ORDER BY " + key + " LIMIT " + limit;
    List<Row> roots = session.select(table, sql, after == null ? new Object[0] : after.toArray());
    Map<List<Object>, Aggregate> byKey = new HashMap<>();
    List<Aggregate> page = new ArrayList<>(roots.size());
    for (Row root : roots) {
      Aggregate aggregate = new Aggregate(root);
      page.add(aggregate);
      if (byKey.put(root.key(), aggregate) != null) {
        throw Tampering.ambiguous(table, root.key());
      }
    }
    List<Object> last = roots.size() < limit ? null : roots.get(limit - 1).key();
    for (Table owned : table.owned()) {
      for (Row row : range(session, owned, after, last)) {
        Aggregate aggregate = byKey.get(row.ownerKey());
        if (aggregate == null) {
          throw Tampering.ownerless(row);
        }
        aggregate.add(row);
      }
    }
    return page;
  }

  private static List<Row> range(
      Session session, Table owned, @Nullable List<Object> after, @Nullable List<Object> last)
      throws SQLException {
    String key = "(" + String.join(", ", owned.ownerKeyNames()) + ")";
    List<String> conditions = new ArrayList<>(2);
    List<@Nullable Object> parameters = new ArrayList<>(4);
    if (after != null) {
      conditions.add(key + " > " + marks(after));
      parameters.addAll(after);
    }
    if (last != null) {
      conditions.add(key + " <= " + marks(last));
      parameters.addAll(last);
    }
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return session.select(owned, owned.selectSql() + where, parameters.toArray());
  }

  private static String marks(List<Object> key) {
    return key.stream().map(part -> "?").collect(Collectors.joining(", ", "(", ")"));
  }
}
