// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.key.KmsKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Grants in a database: rows of a key, written one by one. Their uses are {@link GrantUseTable}'s.
 */
final class GrantTable implements GrantStorage {
  private static final String ALL = Table.KEY_GRANT.selectSql();
  private static final String BY_NAME = ALL + " WHERE key_id = ? AND grantee = ? AND name = ?";
  private static final String BY_ID = ALL + " WHERE key_id = ? AND grant_id = ?";
  private static final String OF_KEY =
      ALL + " WHERE key_id = ? AND grant_id > ? ORDER BY grant_id LIMIT ?";
  private static final String OF_GRANTEE =
      ALL + " WHERE key_id = ? AND grantee = ? AND grant_id > ? ORDER BY grant_id LIMIT ?";
  private static final String OF_RETIRING =
      ALL + " WHERE retiring = ? AND (key_id, grant_id) > (?, ?) ORDER BY key_id, grant_id LIMIT ?";

  private final Transactions transactions;
  private final ApprovalTable approvals;
  private final GrantUseTable uses;

  GrantTable(Transactions transactions, ApprovalTable approvals) {
    this.transactions = transactions;
    this.approvals = approvals;
    this.uses = new GrantUseTable(transactions);
  }

  @Override
  public Optional<KeyWithGrants> findKey(KeyId key, KeyGrants known) {
    return transactions.read(
        session -> {
          Optional<Aggregate> rows = transactions.find(session, Table.CMK, key.text());
          if (rows.isEmpty()) {
            return Optional.empty();
          }
          GrantParts stored = parts(session, rows.get().root());
          return Optional.of(new KeyWithGrants(KeyRows.toKey(rows.get()), known.refreshed(stored)));
        });
  }

  private GrantParts parts(Session session, Row key) {
    return new GrantParts(session, transactions.macs(), key);
  }

  @Override
  public List<Grant> create(
      List<Grant> grants, Instant now, Consumer<KmsKey> check, Optional<ApprovalUse> use) {
    KeyId key = grants.get(0).keyId();
    return transactions.write(
        Set.of(key),
        false,
        (session, changes) -> {
          Aggregate rows = key(session, key);
          check.accept(KeyRows.toKey(rows));
          if (use.isPresent()) {
            approvals.change(session, changes, use.get());
          }
          GrantEdit edit = edit(session, changes, rows);
          List<Grant> results = new ArrayList<>(grants.size());
          for (Grant grant : grants) {
            Grant same = sameAs(session, grant);
            results.add(same == null ? grant : same);
            if (same == null) {
              edit.add(GrantRows.toRow(grant));
            }
          }
          edit.requireRoom(now);
          edit.removeLongExpired(now);
          edit.put();
          uses.follow(session, changes, edit);
          return results;
        });
  }

  private Aggregate key(Session session, KeyId key) throws SQLException {
    return transactions
        .find(session, Table.CMK, key.text())
        .orElseThrow(() -> new KmsException.NotFound("There is no key " + key + " in this store."));
  }

  private GrantEdit edit(Session session, Changes changes, Aggregate key) {
    return new GrantEdit(session, changes, transactions.macs(), key.root());
  }

  /** Returns the stored grant that was made by the same call, if that named it. */
  private @Nullable Grant sameAs(Session session, Grant grant) throws SQLException {
    if (grant.name().isEmpty()) {
      return null;
    }
    for (Row row :
        session.select(
            Table.KEY_GRANT, BY_NAME, grant.keyId().text(), grant.grantee(), grant.name())) {
      Grant stored = authentic(row);
      if (stored.saysTheSameAs(grant)) {
        return stored;
      }
    }
    return null;
  }

  private Grant authentic(Row row) {
    return GrantRows.toGrant(transactions.macs().require(row));
  }

  @Override
  public Optional<Grant> end(KeyId key, String grantId) {
    if (transactions
        .read(session -> session.select(Table.KEY_GRANT, BY_ID, key.text(), grantId))
        .isEmpty()) {
      return Optional.empty(); // without a transaction that writes
    }
    return transactions.write(
        Set.of(key),
        false,
        (session, changes) -> {
          GrantEdit edit = edit(session, changes, key(session, key));
          Optional<Row> row = edit.remove(grantId);
          edit.put();
          uses.follow(session, changes, edit);
          return row.map(GrantRows::toGrant);
        });
  }

  @Override
  public List<Grant> list(KeyId key, Optional<String> grantee, String after, int limit) {
    return select(
        session ->
            grantee.isEmpty()
                ? session.select(Table.KEY_GRANT, OF_KEY, key.text(), after, limit)
                : session.select(
                    Table.KEY_GRANT, OF_GRANTEE, key.text(), grantee.get(), after, limit));
  }

  @Override
  public List<Grant> listRetirable(String retiring, Optional<Position> after, int limit) {
    return select(
        session ->
            session.select(
                Table.KEY_GRANT,
                OF_RETIRING,
                retiring,
                after.map(position -> position.key().text()).orElse(""),
                after.map(Position::grantId).orElse(""),
                limit));
  }

  private List<Grant> select(Connections.Work<List<Row>> query) {
    return transactions.read(query).stream().map(this::authentic).toList();
  }

  @Override
  public long reserveUses(Grant grant, long wanted) {
    return uses.reserve(grant, wanted);
  }

  @Override
  public long usesLeft(Grant grant) {
    return uses.left(grant);
  }

  @Override
  public void returnUses(Grant grant, long unused) {
    uses.giveBack(grant, unused);
  }
}
