// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.key.KmsKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One way through all rows, which authenticates anew those that are under an older version of the
 * domain key: table by table in the order of primary keys, grants last, by key and part.
 *
 * <p>What takes long, the work of the HSM on key tokens, is done before the transaction; in it only
 * rows that are still the same are written. For one thread.
 */
final class Renewal implements DomainStorage.Pass {
  private static final String NEXT_WITH_GRANTS =
      "SELECT key_id FROM key_grant WHERE mac_version <> ? AND key_id > ? ORDER BY key_id LIMIT 1";

  private final Transactions transactions;
  private final UnaryOperator<KmsKey> rewrap;
  private final List<Table> tables = new ArrayList<>(Table.covered());
  private @Nullable List<Object> after;
  private String grantsAfter = "";
  private int part;

  Renewal(Transactions transactions, UnaryOperator<KmsKey> rewrap) {
    this.transactions = transactions;
    this.rewrap = rewrap;
  }

  @Override
  public int next(int limit) {
    if (tables.isEmpty()) {
      return nextGrants(limit);
    }
    Table table = tables.get(0);
    List<Object> from = after;
    List<Aggregate> page =
        transactions.read(session -> Aggregate.page(session, table, from, limit));
    List<Change> changes = page.stream().flatMap(root -> change(root).stream()).toList();
    if (!changes.isEmpty()) {
      transactions.write(
          keys(changes), false, (session, written) -> write(session, written, changes));
    }
    if (page.size() < limit) {
      tables.remove(0);
      after = null;
    } else {
      after = page.get(page.size() - 1).root().key();
    }
    return changes.size();
  }

  /** A root as it was read, and as it is to be. */
  private record Change(Aggregate stored, Aggregate wanted) {}

  private Optional<Change> change(Aggregate stored) {
    RowMacs macs = transactions.macs();
    boolean isKey = stored.root().table() == Table.CMK;
    boolean isOld = !macs.isCurrent(stored.root());
    for (Table table : stored.root().table().owned()) {
      isOld |= stored.owned(table).stream().anyMatch(row -> !macs.isCurrent(row));
    }
    if (!isOld && !isKey) {
      return Optional.empty();
    }
    if (isOld) {
      macs.verify(stored);
    }
    if (!isKey) {
      return Optional.of(new Change(stored, stored));
    }
    KmsKey key = KeyRows.toKey(stored);
    KmsKey moved = rewrap.apply(key);
    return isOld || !moved.equals(key)
        ? Optional.of(new Change(stored, KeyRows.toRows(moved)))
        : Optional.empty();
  }

  private static Set<KeyId> keys(List<Change> changes) {
    return changes.stream()
        .map(change -> change.stored().root())
        .filter(root -> root.table() == Table.CMK)
        .map(root -> KeyRows.parseId(root.text("key_id")))
        .collect(Collectors.toSet());
  }

  private boolean write(Session session, Changes changes, List<Change> all) throws SQLException {
    for (Change change : all) {
      Row root = change.stored().root();
      Optional<Aggregate> now = Aggregate.find(session, root.table(), root.key().toArray());
      if (now.isPresent() && now.get().root().isIdenticalTo(root)) {
        transactions.macs().verifyOwned(now.get());
        changes.put(now, change.wanted());
      }
    }
    return true;
  }

  private int nextGrants(int limit) {
    String key = keyWithGrants();
    if (key.isEmpty()) {
      return -1;
    }
    int from = part;
    Parts done =
        transactions.write(
            Set.of(KeyRows.parseId(key)),
            false,
            (session, changes) -> {
              Optional<Aggregate> stored = transactions.find(session, Table.CMK, key);
              return stored.isPresent()
                  ? renewGrants(session, changes, stored.get().root(), from, limit)
                  : new Parts(0, true, 0);
            });
    part = done.next();
    if (done.isLast()) {
      grantsAfter = key;
      part = 0;
    }
    return done.renewed();
  }

  /** How far the parts of a key are. */
  private record Parts(int next, boolean isLast, int renewed) {}

  /** Returns the key whose parts are being gone through, or the next one; empty at the end. */
  private String keyWithGrants() {
    return transactions.read(
        session -> {
          Row head = session.select(Table.HEAD, Table.HEAD.selectSql()).get(0);
          List<String> next = session.texts(NEXT_WITH_GRANTS, head.macVersion(), grantsAfter);
          return next.isEmpty() ? "" : next.get(0);
        });
  }

  private Parts renewGrants(Session session, Changes changes, Row key, int from, int limit)
      throws SQLException {
    RowMacs macs = transactions.macs();
    GrantParts grants = new GrantParts(session, macs, key);
    int parts = grants.hash().parts();
    List<Row> old = new ArrayList<>();
    List<Row> renewed = new ArrayList<>();
    List<byte[]> hashes = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < parts; i++) {
      if (i < from || old.size() >= limit) {
        hashes.add(grants.hash().part(i));
        continue;
      }
      List<Row> rows = grants.read(i);
      List<Row> sealed = rows.stream().map(row -> macs.seal(row, changes.revision())).toList();
      old.addAll(rows);
      renewed.addAll(sealed);
      hashes.add(RowMacs.ownedHash(Table.KEY_GRANT.sqlName(), sealed));
      next = i + 1;
    }
    if (!old.isEmpty()) {
      byte[] hash = GrantHash.of(grants.hash().count(), hashes).toBytes();
      changes.renewGrants(key, hash, old, renewed);
    }
    return new Parts(next, next >= parts || old.isEmpty(), old.size());
  }
}
