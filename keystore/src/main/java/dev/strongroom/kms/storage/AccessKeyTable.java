// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Access keys in a database: principals, the account root among them, own theirs. */
final class AccessKeyTable {
  private static final String ROOT_NAME = "";
  private static final String BY_ID = Table.ACCESS_KEY.selectSql() + " WHERE access_key_id = ?";

  private final Transactions transactions;
  private final IdentityTables identities;

  AccessKeyTable(Transactions transactions, IdentityTables identities) {
    this.transactions = transactions;
    this.identities = identities;
  }

  Optional<AccessKeyRow> find(String accessKeyId) {
    return transactions
        .read(session -> find(session, accessKeyId))
        .map(found -> IdentityRows.toAccessKey(found.key()));
  }

  /** An access key with the principal that vouches for it. */
  private record Found(Aggregate principal, Row key) {}

  private Optional<Found> find(Session session, String accessKeyId) throws SQLException {
    List<Row> rows = session.select(Table.ACCESS_KEY, BY_ID, accessKeyId);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Row key = rows.get(0);
    Aggregate principal =
        principal(session, key.text("account"), key.text("user_name"))
            .orElseThrow(() -> Tampering.ownerless(key));
    return Optional.of(new Found(principal, key));
  }

  private Optional<Aggregate> principal(Session session, String account, String userName)
      throws SQLException {
    return identities.rows(session, IamKind.USER, account, userName);
  }

  List<AccessKeyRow> list(String account, String userName) {
    return transactions
        .read(session -> principal(session, account, userName))
        .map(rows -> rows.owned(Table.ACCESS_KEY))
        .orElse(List.of())
        .stream()
        .map(IdentityRows::toAccessKey)
        .toList();
  }

  /**
   * Writes a new access key within a change of identities.
   *
   * @param stored the principal that it is for; empty where there is none
   */
  static void create(Session session, Changes changes, Optional<Aggregate> stored, AccessKeyRow key)
      throws SQLException {
    Aggregate principal = stored.orElseGet(() -> newRoot(key));
    requireRoom(session, principal, key);
    changes.put(stored, IdentityRows.withAccessKey(principal, IdentityRows.accessKey(key)));
  }

  /** The account root appears with its first access key; users are created before. */
  private static Aggregate newRoot(AccessKeyRow key) {
    if (!key.userName().equals(ROOT_NAME)) {
      throw new KmsException.NoSuchEntity(
          "There is no user " + key.userName() + ". Create it first, with CreateUser.");
    }
    return new Aggregate(
        IdentityRows.principal(key.account(), ROOT_NAME, key.account(), key.creationDate()));
  }

  private static void requireRoom(Session session, Aggregate principal, AccessKeyRow key)
      throws SQLException {
    if (principal.owned(Table.ACCESS_KEY).size() >= IdentityStorage.ACCESS_KEYS_PER_USER) {
      String who = key.userName().isEmpty() ? "The account root" : "User " + key.userName();
      throw new KmsException.LimitExceeded(
          who
              + " has "
              + IdentityStorage.ACCESS_KEYS_PER_USER
              + " access keys, which is the limit. Delete one of them first.");
    }
    if (!session.select(Table.ACCESS_KEY, BY_ID, key.accessKeyId()).isEmpty()) {
      throw new KmsException.AlreadyExists("Access key " + key.accessKeyId() + " exists already.");
    }
  }

  void update(String accessKeyId, boolean active) {
    write(
        (session, changes) -> {
          Found found = require(session, accessKeyId);
          AccessKeyRow key = IdentityRows.toAccessKey(found.key()).withActive(active);
          changes.put(
              Optional.of(found.principal()),
              IdentityRows.withAccessKey(found.principal(), IdentityRows.accessKey(key)));
          return key;
        });
  }

  void delete(String accessKeyId) {
    write(
        (session, changes) -> {
          Found found = require(session, accessKeyId);
          changes.put(
              Optional.of(found.principal()),
              IdentityRows.withoutAccessKey(found.principal(), accessKeyId));
          Optional<Aggregate> use = use(session, accessKeyId);
          use.ifPresent(changes::delete);
          return IdentityRows.toAccessKey(found.key());
        });
  }

  private Found require(Session session, String accessKeyId) throws SQLException {
    return find(session, accessKeyId)
        .orElseThrow(
            () -> new KmsException.NoSuchEntity("There is no access key " + accessKeyId + "."));
  }

  private interface Write {
    /** Returns the access key that was written. */
    AccessKeyRow run(Session session, Changes changes) throws SQLException;
  }

  private void write(Write write) {
    transactions.write(
        Set.of(),
        true,
        (session, changes) -> {
          AccessKeyRow key = write.run(session, changes);
          AccountRow fallback = AccountRow.unnamed(key.account(), key.creationDate());
          identities.touch(session, changes, fallback);
          return true;
        });
  }

  /** Nobody need be told of uses: what may be done does not depend on them. */
  void saveUses(List<AccessKeyUse> uses) {
    transactions.writeQuietly(
        (session, changes) -> {
          for (AccessKeyUse use : uses) {
            if (find(session, use.accessKeyId()).isPresent()) {
              changes.put(use(session, use.accessKeyId()), new Aggregate(toRow(use)));
            }
          }
          return true;
        });
  }

  Optional<AccessKeyUse> findUse(String accessKeyId) {
    return transactions.read(session -> use(session, accessKeyId)).map(rows -> toUse(rows.root()));
  }

  private Optional<Aggregate> use(Session session, String accessKeyId) throws SQLException {
    return transactions.find(session, Table.ACCESS_KEY_USE, accessKeyId);
  }

  private static Row toRow(AccessKeyUse use) {
    return Row.of(
        Table.ACCESS_KEY_USE,
        use.accessKeyId(),
        Row.nanos(use.lastUsedDate()),
        use.serviceName(),
        use.region());
  }

  private static AccessKeyUse toUse(Row row) {
    return new AccessKeyUse(
        row.text("access_key_id"),
        row.instant("last_used_date"),
        row.text("service_name"),
        row.text("region"));
  }
}
