// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A change of the grants of one key: reads the parts that it touches, and has the key vouch for
 * what they are afterwards. For one write transaction.
 */
final class GrantEdit {
  private static final Duration SHOWN_AFTER_EXPIRY = Duration.ofDays(1);
  private static final String EXPIRED =
      Table.KEY_GRANT.selectSql() + " WHERE key_id = ? AND expiry <= ?";

  private final Session session;
  private final Changes changes;
  private final RowMacs macs;
  private final Row key;
  private final GrantParts stored;
  private final List<Row> added = new ArrayList<>();
  private final List<Row> removed = new ArrayList<>();
  private final Set<String> goneIds = new HashSet<>();
  private final Map<Integer, List<Row>> touched = new TreeMap<>();

  /** {@code key} is the verified row of the key. */
  GrantEdit(Session session, Changes changes, RowMacs macs, Row key) {
    this.session = session;
    this.changes = changes;
    this.macs = macs;
    this.key = key;
    this.stored = new GrantParts(session, macs, key);
  }

  void add(Row row) {
    added.add(macs.seal(row, changes.revision()));
  }

  List<Row> added() {
    return added;
  }

  List<Row> removed() {
    return removed;
  }

  /** Removes a grant, which is returned; empty where there is none of that id. */
  Optional<Row> remove(String grantId) throws SQLException {
    if (stored.hash().count() == 0) {
      return Optional.empty();
    }
    Optional<Row> found =
        touch(grantId).stream().filter(row -> row.text("grant_id").equals(grantId)).findFirst();
    found.ifPresent(this::takeAway);
    return found;
  }

  private void takeAway(Row row) {
    if (goneIds.add(row.text("grant_id"))) {
      removed.add(row);
    }
  }

  /** Returns the stored rows of the part that a grant is in or will be in. */
  private List<Row> touch(String grantId) throws SQLException {
    int part = GrantHash.partOf(grantId, stored.hash().parts());
    List<Row> rows = touched.get(part);
    if (rows == null) {
      rows = stored.read(part);
      touched.put(part, rows);
    }
    return rows;
  }

  /**
   * Makes sure that there are not too many; where there are, all that have expired go first.
   *
   * @throws KmsException.LimitExceeded if there are too many even so
   */
  void requireRoom(Instant now) throws SQLException {
    long left = GrantStorage.MAX_PER_KEY - stored.hash().count() - added.size();
    if (left >= 0) {
      return;
    }
    for (Row row : session.select(Table.KEY_GRANT, EXPIRED, key.text("key_id"), Row.nanos(now))) {
      touch(row.text("grant_id")); // what the row says counts only as a part of the key
    }
    removeTouched(expiry -> !expiry.isAfter(now));
    if (left + removed.size() < 0) {
      throw GrantStorage.tooMany(key.text("key_id"), stored.hash().count());
    }
  }

  /** Removes what nobody looks for any more, in the parts that have to be read anyway. */
  void removeLongExpired(Instant now) throws SQLException {
    Instant latest = now.minus(SHOWN_AFTER_EXPIRY);
    if (stored.hash().count() > 0) {
      for (Row row : added) {
        touch(row.text("grant_id"));
      }
    }
    removeTouched(latest::isAfter);
  }

  private void removeTouched(Predicate<Instant> expired) {
    for (List<Row> rows : touched.values()) {
      for (Row row : rows) {
        if (row.maybeInstant("expiry").filter(expired).isPresent()) {
          takeAway(row);
        }
      }
    }
  }

  /** Puts the change; the key is written anew even if there is none. */
  void put() throws SQLException {
    GrantHash old = stored.hash();
    long count = old.count() + added.size() - removed.size();
    int parts = GrantHash.parts(count);
    GrantHash hash =
        parts == old.parts()
            ? GrantHash.of(count, changedParts())
            : GrantHash.of(count, allParts(parts));
    changes.putGrants(key, hash.toBytes(), added, removed);
  }

  private List<byte[]> changedParts() {
    int parts = stored.hash().parts();
    List<List<Row>> more = GrantParts.split(added, parts);
    List<byte[]> hashes = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      List<Row> rows = touched.get(part);
      hashes.add(
          rows == null
              ? stored.hash().part(part)
              : RowMacs.ownedHash(Table.KEY_GRANT.sqlName(), without(rows, more.get(part))));
    }
    return hashes;
  }

  private List<byte[]> allParts(int parts) throws SQLException {
    List<Row> rows = new ArrayList<>();
    stored.readAll(part -> part).forEach(rows::addAll);
    return GrantParts.split(without(rows, added), parts).stream()
        .map(part -> RowMacs.ownedHash(Table.KEY_GRANT.sqlName(), part))
        .toList();
  }

  /** Returns rows as they are after the change. */
  private List<Row> without(List<Row> rows, List<Row> more) {
    List<Row> result = new ArrayList<>(more);
    rows.stream().filter(row -> !goneIds.contains(row.text("grant_id"))).forEach(result::add);
    return result;
  }
}
