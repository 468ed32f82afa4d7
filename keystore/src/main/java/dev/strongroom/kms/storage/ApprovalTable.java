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

/** Requests for approvals and rules of accounts in a database, each a root of its own. */
final class ApprovalTable implements ApprovalStorage {
  private static final String OPEN =
      Table.APPROVAL_REQUEST.selectSql() + " WHERE key_id = ? AND expires > ? AND used IS NULL";
  private static final String UNUSED = " WHERE account = ? AND used IS NULL";
  private static final String EXPIRED =
      Table.APPROVAL_REQUEST.selectSql() + UNUSED + " AND expires <= ?";

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
  public List<ApprovalRequest> open(String account, Optional<KeyId> key, Instant time) {
    return transactions.read(
        session -> {
          List<ApprovalRequest> open = new ArrayList<>();
          for (Row row : open(session, about(account, key), time)) {
            open.add(toRequest(transactions.macs().require(row)));
          }
          open.sort(Comparator.comparing(ApprovalRequest::created));
          return open;
        });
  }

  private static List<Row> open(Session session, String about, Instant time) throws SQLException {
    return session.select(Table.APPROVAL_REQUEST, OPEN, about, Row.nanos(time));
  }

  /** Returns what stands in the column of the key: no account is named like a key. */
  private static String about(String account, Optional<KeyId> key) {
    return key.map(KeyId::text).orElse(account);
  }

  @Override
  public void create(ApprovalRequest request) {
    transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          requireRoom(session, changes, request);
          changes.put(Optional.empty(), new Aggregate(toRow(request)));
          return true;
        });
  }

  private void requireRoom(Session session, Changes changes, ApprovalRequest request)
      throws SQLException {
    Row wanted = toRow(request);
    int ofKey = open(session, wanted.text("key_id"), request.created()).size();
    if (ofKey >= OPEN_PER_KEY) {
      throw new KmsException.LimitExceeded(
          request.key().map(key -> key.text()).orElse("The rule of account " + request.account())
              + " has "
              + ofKey
              + " open requests for approvals, the most that there can be. Use one of them, or wait"
              + " until some have expired: 'cloudtrail lookup-events' shows who made them.");
    }
    long unused =
        session.number("SELECT count(*) FROM approval_request" + UNUSED, request.account());
    if (unused >= OPEN_PER_ACCOUNT
        && unused - removeExpired(session, changes, request) >= OPEN_PER_ACCOUNT) {
      throw new KmsException.LimitExceeded(
          "Account "
              + request.account()
              + " has "
              + OPEN_PER_ACCOUNT
              + " open requests for approvals, the most that there can be. Use some of them, or wait"
              + " until some have expired: 'cloudtrail lookup-events' shows who made them.");
    }
  }

  /** Removes what nobody can use any more, and returns how many those are. */
  private int removeExpired(Session session, Changes changes, ApprovalRequest request)
      throws SQLException {
    List<Row> expired =
        session.select(
            Table.APPROVAL_REQUEST, EXPIRED, request.account(), Row.nanos(request.created()));
    for (Row row : expired) {
      changes.delete(new Aggregate(transactions.macs().require(row)));
    }
    return expired.size();
  }

  @Override
  public ApprovalRequest change(UUID request, UnaryOperator<ApprovalRequest> change) {
    return transactions.write(
        Set.of(),
        false,
        (session, changes) -> change(session, changes, new ApprovalUse(request, change)));
  }

  /** Does the same in a transaction that changes more. */
  ApprovalRequest change(Session session, Changes changes, ApprovalUse use) throws SQLException {
    Aggregate stored =
        find(session, use.request())
            .orElseThrow(
                () ->
                    new KmsException.NotFound(
                        "There is no request for approvals " + use.request() + "."));
    ApprovalRequest changed = use.change().apply(toRequest(stored.root()));
    changes.put(Optional.of(stored), new Aggregate(toRow(changed)));
    return changed;
  }

  @Override
  public Optional<String> accountRule(String account) {
    return transactions
        .read(session -> findRule(session, account))
        .map(rows -> rows.root().text("rule"));
  }

  private Optional<Aggregate> findRule(Session session, String account) throws SQLException {
    return transactions.find(session, Table.APPROVAL_RULE, account);
  }

  @Override
  public void saveAccountRule(
      String account, Optional<String> known, Optional<String> wanted, Optional<ApprovalUse> use) {
    transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          Optional<Aggregate> stored = findRule(session, account);
          if (!stored.map(rows -> rows.root().text("rule")).equals(known)) {
            throw new KmsException.Conflict(
                "The approval rule of account "
                    + account
                    + " was changed meanwhile. Try the call again.");
          }
          if (use.isPresent()) {
            change(session, changes, use.get());
          }
          if (wanted.isPresent()) {
            changes.put(stored, new Aggregate(Row.of(Table.APPROVAL_RULE, account, wanted.get())));
          } else {
            stored.ifPresent(changes::delete);
          }
          return true;
        });
  }

  private static Row toRow(ApprovalRequest request) {
    return Row.of(
        Table.APPROVAL_REQUEST,
        request.id().toString(),
        about(request.account(), request.key().map(KeyArn::keyId)),
        Row.nanos(request.expires()),
        request.used().map(Row::nanos).orElse(null),
        request.toJson(),
        request.account());
  }

  private static ApprovalRequest toRequest(Row row) {
    try {
      return ApprovalRequest.parse(row.text("request"));
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(row);
    }
  }
}
