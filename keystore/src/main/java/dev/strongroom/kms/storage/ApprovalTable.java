// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.ApprovalRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Requests for approvals in a database, each a root of its own. */
final class ApprovalTable implements ApprovalStorage {
  private static final String OPEN =
      Table.APPROVAL_REQUEST.selectSql() + " WHERE key_id = ? AND expires > ? AND used IS NULL";

  private final Transactions transactions;

  ApprovalTable(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<ApprovalRequest> find(UUID request) {
    return transactions.read(session -> find(session, request)).map(rows -> toRequest(rows.root()));
  }

  private Optional<Aggregate> find(Session session, UUID request) throws SQLException {
    return transactions.find(session, Table.APPROVAL_REQUEST, request.toString());
  }

  @Override
  public List<ApprovalRequest> open(KeyId key, Instant time) {
    return transactions.read(
        session -> {
          List<ApprovalRequest> open = new ArrayList<>();
          for (Row row :
              session.select(Table.APPROVAL_REQUEST, OPEN, key.text(), Row.nanos(time))) {
            open.add(toRequest(transactions.macs().require(row)));
          }
          open.sort(Comparator.comparing(ApprovalRequest::created));
          return open;
        });
  }

  @Override
  public void create(ApprovalRequest request) {
    transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          changes.put(Optional.empty(), new Aggregate(toRow(request)));
          return true;
        });
  }

  @Override
  public ApprovalRequest change(UUID request, UnaryOperator<ApprovalRequest> change) {
    return transactions.write(
        Set.of(), false, (session, changes) -> change(session, changes, request, change));
  }

  /** Does the same in a transaction that changes more. */
  ApprovalRequest change(
      Session session, Changes changes, UUID request, UnaryOperator<ApprovalRequest> change)
      throws SQLException {
    Aggregate stored =
        find(session, request)
            .orElseThrow(
                () ->
                    new KmsException.NotFound(
                        "There is no request for approvals " + request + "."));
    ApprovalRequest changed = change.apply(toRequest(stored.root()));
    changes.put(Optional.of(stored), new Aggregate(toRow(changed)));
    return changed;
  }

  private static Row toRow(ApprovalRequest request) {
    return Row.of(
        Table.APPROVAL_REQUEST,
        request.id().toString(),
        KeyArn.parse(request.keyArn()).keyId().text(),
        Row.nanos(request.expires()),
        request.used().map(Row::nanos).orElse(null),
        request.toJson());
  }

  private static ApprovalRequest toRequest(Row row) {
    try {
      return ApprovalRequest.parse(row.text("request"));
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(row);
    }
  }
}
