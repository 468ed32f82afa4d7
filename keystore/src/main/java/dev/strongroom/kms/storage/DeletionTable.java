// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.key.KmsKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The end of keys in a database. A destroyed key leaves a row behind: who reads changes sees it.
 */
final class DeletionTable implements DeletionStorage {
  private static final String PENDING =
      " FROM cmk WHERE deletion_date IS NOT NULL AND key_state = 'PENDING_DELETION'";
  private static final String DUE =
      "SELECT key_id" + PENDING + " AND deletion_date <= ? ORDER BY deletion_date, key_id LIMIT ?";
  private static final String EARLIEST =
      Table.CMK.selectSql()
          + PENDING.replace(" FROM cmk", "")
          + " ORDER BY deletion_date, key_id LIMIT 1";
  private static final String EARLIEST_MATERIAL =
      Table.CMK.selectSql()
          + " WHERE material_destruction IS NOT NULL ORDER BY material_destruction, key_id LIMIT 1";
  private static final String UNRECORDED =
      Table.DELETED_KEY.selectSql() + " WHERE recorded IS NULL ORDER BY destroyed, key_id LIMIT ?";
  private static final int MAX_RECEIPT_CHARS = 1 << 20;

  private final Transactions transactions;
  private final GrantUseTable uses;

  DeletionTable(Transactions transactions) {
    this.transactions = transactions;
    this.uses = new GrantUseTable(transactions);
  }

  @Override
  public Optional<Instant> earliest() {
    return Stream.concat(
            earliest(EARLIEST, "deletion_date").stream(),
            earliest(EARLIEST_MATERIAL, "material_destruction").stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> earliest(String sql, String column) {
    return transactions.read(session -> session.select(Table.CMK, sql)).stream()
        .findFirst()
        .flatMap(row -> transactions.macs().require(row).maybeInstant(column));
  }

  @Override
  public List<KeyId> due(Instant until, int limit) {
    return transactions.read(session -> session.texts(DUE, Row.nanos(until), limit)).stream()
        .map(KeyRows::parseId)
        .toList();
  }

  @Override
  public Optional<DeletedKey> destroy(KeyId key, Instant until, Instant now) {
    return transactions.writeDestroying(
        key, (session, changes) -> destroy(session, changes, key, until, now));
  }

  private Optional<DeletedKey> destroy(
      Session session, Changes changes, KeyId id, Instant until, Instant now) throws SQLException {
    Optional<Aggregate> stored = transactions.find(session, Table.CMK, id.text());
    if (stored.isEmpty() || !isDue(KeyRows.toKey(stored.get()), until)) {
      return Optional.empty();
    }
    List<Row> grants = new ArrayList<>();
    new GrantParts(session, transactions.macs(), stored.get().root())
        .readAll(part -> part)
        .forEach(grants::addAll);
    uses.remove(session, changes, grants);
    changes.deleteKey(stored.get(), grants);
    KmsKey key = KeyRows.toKey(stored.get());
    DeletedKey deleted =
        new DeletedKey(key.arn(), now, DeletionReceipt.of(key, stored.get(), grants));
    changes.put(Optional.empty(), new Aggregate(toRow(deleted, null)));
    return Optional.of(deleted);
  }

  private static boolean isDue(KmsKey key, Instant until) {
    return key.state() == KeyState.PENDING_DELETION
        && key.deletionDate().filter(date -> !date.isAfter(until)).isPresent();
  }

  private static Row toRow(DeletedKey deleted, @Nullable Instant recorded) {
    KeyArn arn = deleted.arn();
    return Row.of(
        Table.DELETED_KEY,
        arn.keyId().text(),
        arn.place().region(),
        arn.place().account(),
        Row.nanos(deleted.destroyed()),
        Json.write(new LinkedHashMap<String, Object>(deleted.receipt())),
        recorded == null ? null : Row.nanos(recorded));
  }

  private static DeletedKey toDeleted(Row row) {
    try {
      if (Json.parse(row.text("receipt"), MAX_RECEIPT_CHARS) instanceof Map<?, ?> json) {
        Map<String, String> receipt = new LinkedHashMap<>();
        json.forEach((name, value) -> receipt.put(String.valueOf(name), String.valueOf(value)));
        Place place = new Place(row.text("region"), row.text("account"));
        return new DeletedKey(
            new KeyArn(place, KeyRows.parseId(row.text("key_id"))),
            row.instant("destroyed"),
            receipt);
      }
    } catch (JsonException e) {
      throw Tampering.unreadable(row);
    }
    throw Tampering.unreadable(row);
  }

  @Override
  public List<DeletedKey> unrecorded(int limit) {
    return transactions
        .read(session -> session.select(Table.DELETED_KEY, UNRECORDED, limit))
        .stream()
        .map(row -> toDeleted(transactions.macs().require(row)))
        .toList();
  }

  @Override
  public void recorded(KeyId key, Instant now) {
    transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          Optional<Aggregate> stored = transactions.find(session, Table.DELETED_KEY, key.text());
          stored.ifPresent(
              rows -> changes.put(stored, new Aggregate(toRow(toDeleted(rows.root()), now))));
          return true;
        });
  }

  @Override
  public Optional<Instant> seenTime() {
    return transactions
        .read(session -> transactions.find(session, Table.SEEN_TIME, 1L))
        .map(rows -> rows.root().instant("seen"));
  }

  @Override
  public void saveSeenTime(Instant time) {
    transactions.writeQuietly(
        (session, changes) -> {
          changes.put(
              transactions.find(session, Table.SEEN_TIME, 1L),
              new Aggregate(Row.of(Table.SEEN_TIME, 1L, Row.nanos(time))));
          return true;
        });
  }

  @Override
  public boolean scrub() {
    return transactions.scrub();
  }
}
