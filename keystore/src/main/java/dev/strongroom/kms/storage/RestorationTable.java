// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies of a store in a database, and the restorations that it came from. */
final class RestorationTable implements RestorationStorage {
  private static final int MAX_RECEIPT_CHARS = 1 << 16;

  private final Transactions transactions;

  RestorationTable(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public StoreState copy(Target target) {
    return transactions.snapshot(
        (session, head) -> {
          StoreState state = state(session, head);
          try {
            DataOutputStream out = new DataOutputStream(target.begin(state));
            StoreImage.write(session, out);
            out.flush();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return state;
        });
  }

  private StoreState state(Session session, StoreHead head) throws SQLException {
    Aggregate domain = DomainRows.find(session).orElseThrow(() -> Tampering.missing(Table.DOMAIN));
    transactions.macs().verify(domain);
    List<KeyId> keys =
        session.texts("SELECT key_id FROM cmk ORDER BY key_id").stream()
            .map(KeyRows::parseId)
            .toList();
    return new StoreState(
        head,
        DomainRows.toDomain(domain),
        domain.root().text("incarnation"),
        session.number("SELECT count(*) FROM audit_stream"),
        keys);
  }

  @Override
  public Optional<Restoration> latest() {
    return all().stream()
        .map(RestorationTable::toRestoration)
        .max(Comparator.comparing(Restoration::restored));
  }

  @Override
  public List<Restoration> unrecorded() {
    return all().stream()
        .filter(row -> row.maybeInstant("recorded").isEmpty())
        .map(RestorationTable::toRestoration)
        .toList();
  }

  private List<Row> all() {
    return transactions
        .read(session -> session.select(Table.RESTORATION, Table.RESTORATION.selectSql()))
        .stream()
        .map(transactions.macs()::require)
        .toList();
  }

  @Override
  public void recorded(Restoration restoration, Instant now) {
    transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          Optional<Aggregate> stored =
              transactions.find(session, Table.RESTORATION, restoration.incarnation());
          stored.ifPresent(rows -> changes.put(stored, new Aggregate(toRow(restoration, now))));
          return true;
        });
  }

  static Row toRow(Restoration restoration, @Nullable Instant recorded) {
    return Row.of(
        Table.RESTORATION,
        restoration.incarnation(),
        restoration.previous(),
        Row.nanos(restoration.restored()),
        Json.write(new LinkedHashMap<String, Object>(restoration.receipt())),
        recorded == null ? null : Row.nanos(recorded));
  }

  private static Restoration toRestoration(Row row) {
    try {
      if (Json.parse(row.text("receipt"), MAX_RECEIPT_CHARS) instanceof Map<?, ?> json) {
        Map<String, String> receipt = new LinkedHashMap<>();
        json.forEach((name, value) -> receipt.put(String.valueOf(name), String.valueOf(value)));
        return new Restoration(
            row.text("incarnation"), row.text("previous"), row.instant("restored"), receipt);
      }
    } catch (JsonException e) {
      throw Tampering.unreadable(row);
    }
    throw Tampering.unreadable(row);
  }
}
