// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RowChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one write transaction: collected, authenticated, and then written together with
 * the head row. A row whose columns stay the same keeps its revision and MAC, unless that is of an
 * older version of the domain key; a root is always written anew.
 *
 * <p>Used by the thread that holds the transaction.
 */
final class Changes {
  private final Session session;
  private final RowMacs macs;
  private final Row oldHead;
  private final long revision;
  private final SetHash set;
  private long rows;
  private final List<Row> deletes = new ArrayList<>();
  private final List<Replacement> roots = new ArrayList<>();
  private final List<Replacement> others = new ArrayList<>();

  /** A row to be written, in the place of {@code old} or as a new one. */
  private record Replacement(@Nullable Row old, Row row) {}

  /**
   * @param head the verified head row that this transaction sees
   */
  Changes(Session session, RowMacs macs, Row head) {
    this.session = session;
    this.macs = macs;
    this.oldHead = head;
    this.revision = Math.addExact(head.revision(), 1);
    this.set = SetHash.fromBytes(head.bytes("set_hash"));
    this.rows = head.integer("row_count");
  }

  /** Returns the head row of a store that holds nothing, revision 0; it is not sealed. */
  static Row emptyHead() {
    return Row.of(Table.HEAD, 1L, 0L, new SetHash().toBytes());
  }

  /** Returns the store revision that this transaction makes. */
  long revision() {
    return revision;
  }

  /**
   * Takes up a root with all rows that it is to own.
   *
   * @param stored what the store holds under the same primary key, verified in this transaction
   * @param wanted rows without revisions and MACs; hash columns may hold anything
   */
  void put(Optional<Aggregate> stored, Aggregate wanted) {
    Row root = wanted.root();
    for (Table owned : root.table().owned()) {
      List<Row> old = stored.map(aggregate -> aggregate.owned(owned)).orElse(List.of());
      List<Row> sealed = replace(old, wanted.owned(owned));
      root = root.withBytes(owned.hashColumn(), RowMacs.ownedHash(owned, sealed));
    }
    if (stored.isPresent() && root.table() == Table.CMK) {
      String grants = Table.KEY_GRANT.hashColumn();
      root = root.withBytes(grants, stored.get().root().bytes(grants));
    }
    putRoot(stored.map(Aggregate::root).orElse(null), root);
  }

  private void putRoot(@Nullable Row oldRoot, Row root) {
    Row sealed = macs.seal(root, revision);
    if (oldRoot == null) {
      rows++;
    } else {
      set.remove(RowMacs.leaf(oldRoot));
    }
    set.add(RowMacs.leaf(sealed));
    roots.add(new Replacement(oldRoot, sealed));
  }

  /**
   * Takes up grants that are added to a key and removed from it; all else of the key stays.
   *
   * @param key the verified row of the key
   * @param hash what the key says of its grants from now on
   * @param added sealed in this transaction
   */
  void putGrants(Row key, byte[] hash, List<Row> added, List<Row> removed) {
    putRoot(key, key.withBytes(Table.KEY_GRANT.hashColumn(), hash));
    added.forEach(row -> others.add(new Replacement(null, row)));
    deletes.addAll(removed);
  }

  /**
   * Takes up grants of a key that are authenticated anew; all else of the key stays.
   *
   * @param key the verified row of the key
   * @param hash what the key says of its grants from now on
   * @param old the grants as they are
   * @param renewed the same in the same order, sealed in this transaction
   */
  void renewGrants(Row key, byte[] hash, List<Row> old, List<Row> renewed) {
    putRoot(key, key.withBytes(Table.KEY_GRANT.hashColumn(), hash));
    for (int i = 0; i < old.size(); i++) {
      others.add(new Replacement(old.get(i), renewed.get(i)));
    }
  }

  /**
   * Takes a key away with all rows that it owns.
   *
   * @param grants all grants of the key, which are no part of {@code stored}
   */
  void deleteKey(Aggregate stored, List<Row> grants) {
    deletes.addAll(grants);
    delete(stored);
  }

  /** Takes a root away with all rows that it owns. */
  void delete(Aggregate stored) {
    for (Table owned : stored.root().table().owned()) {
      deletes.addAll(stored.owned(owned));
    }
    deletes.add(stored.root());
    rows--;
    set.remove(RowMacs.leaf(stored.root()));
  }

  /** Returns the rows as they will be in the store. */
  private List<Row> replace(List<Row> old, List<Row> wanted) {
    List<Row> gone = new ArrayList<>(old);
    List<Row> result = new ArrayList<>(wanted.size());
    for (Row row : wanted) {
      @Nullable Row before = take(gone, row.key());
      if (before != null && before.hasContentOf(row) && macs.isCurrent(before)) {
        result.add(before);
      } else {
        Row sealed = macs.seal(row, revision);
        others.add(new Replacement(before, sealed));
        result.add(sealed);
      }
    }
    deletes.addAll(gone);
    return result;
  }

  private static @Nullable Row take(List<Row> rows, List<Object> key) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).key().equals(key)) {
        return rows.remove(i);
      }
    }
    return null;
  }

  /** Returns what is done to the rows whose changes are put on record. */
  List<RowChange> recorded() {
    List<RowChange> changes = new ArrayList<>();
    for (Row row : deletes) {
      if (row.table().isRecorded()) {
        changes.add(new RowChange(row.name(), Optional.of(hash(row)), Optional.empty()));
      }
    }
    for (Replacement replacement : roots) {
      if (replacement.row().table().isRecorded()) {
        changes.add(
            new RowChange(
                replacement.row().name(),
                Optional.ofNullable(replacement.old()).map(Changes::hash),
                Optional.of(hash(replacement.row()))));
      }
    }
    return changes;
  }

  /** Returns the hash by which the trail knows a state of a row. */
  static String hash(Row row) {
    return HexFormat.of().formatHex(RowMacs.leaf(row));
  }

  /**
   * Writes everything and returns the new head row, which is the store's after the commit.
   *
   * <p>Deletions come first, so that an alias can move from one key to another, and roots before
   * what they own, which refers to them.
   */
  Row write() throws SQLException {
    for (Row row : deletes) {
      requireOne(row, session.execute(row.table().deleteSql(), keyAndRevision(row).toArray()));
    }
    for (Replacement replacement : roots) {
      write(replacement);
    }
    for (Replacement replacement : others) {
      write(replacement);
    }
    Row head = macs.seal(Row.of(Table.HEAD, 1L, rows, set.toBytes()), revision);
    write(new Replacement(oldHead.revision() == 0 ? null : oldHead, head));
    return head;
  }

  private void write(Replacement replacement) throws SQLException {
    List<@Nullable Object> parameters = replacement.row().parameters();
    Table table = replacement.row().table();
    @Nullable Row old = replacement.old();
    if (old == null) {
      requireOne(replacement.row(), session.execute(table.insertSql(), parameters.toArray()));
    } else {
      parameters.addAll(keyAndRevision(old));
      requireOne(old, session.execute(table.updateSql(), parameters.toArray()));
    }
  }

  private static List<@Nullable Object> keyAndRevision(Row row) {
    List<@Nullable Object> parameters = new ArrayList<>(row.key());
    parameters.add(row.revision());
    return parameters;
  }

  private static void requireOne(Row row, int count) {
    if (count != 1) {
      throw new KmsException.Conflict(
          "Row " + row.name() + " was changed by somebody else meanwhile. Read it and try again.");
    }
  }
}
