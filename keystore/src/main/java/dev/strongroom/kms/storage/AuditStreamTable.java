// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Streams of the audit trail in a database, each a root of its own. */
final class AuditStreamTable {
  private final Transactions transactions;

  AuditStreamTable(Transactions transactions) {
    this.transactions = transactions;
  }

  void save(AuditStreamRow stream) {
    transactions.writeQuietly(
        (session, changes) -> {
          changes.put(find(session, stream.stream()), new Aggregate(toRow(stream)));
          return true;
        });
  }

  Optional<AuditStreamRow> find(UUID stream) {
    return transactions.read(session -> find(session, stream)).map(rows -> toStream(rows.root()));
  }

  private Optional<Aggregate> find(Session session, UUID stream) throws SQLException {
    return transactions.find(session, Table.AUDIT_STREAM, stream.toString());
  }

  List<AuditStreamRow> list() {
    List<AuditStreamRow> streams = new ArrayList<>();
    transactions.scan(
        root -> {
          if (root.root().table() == Table.AUDIT_STREAM) {
            streams.add(toStream(root.root()));
          }
        });
    return streams;
  }

  private static Row toRow(AuditStreamRow stream) {
    return Row.of(
        Table.AUDIT_STREAM,
        stream.stream().toString(),
        Row.nanos(stream.started()),
        stream.sealed().map(Row::nanos).orElse(null),
        stream.lastState());
  }

  private static AuditStreamRow toStream(Row row) {
    try {
      return new AuditStreamRow(
          UUID.fromString(row.text("stream_id")),
          row.instant("started"),
          row.maybeInstant("sealed"),
          row.bytes("last_state"));
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(row);
    }
  }
}
