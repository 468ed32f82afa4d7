// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.KeyStorage.UserRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Users and access keys in a database: principals as roots, which own their access keys. */
final class IdentityTables {
  private static final String ROOT_NAME = "";
  private static final String BY_ID = Table.ACCESS_KEY.selectSql() + " WHERE access_key_id = ?";

  private final Transactions transactions;

  IdentityTables(Transactions transactions) {
    this.transactions = transactions;
  }

  Optional<UserRow> findUser(String account, String name) {
    return name.equals(ROOT_NAME)
        ? Optional.empty()
        : transactions
            .read(session -> find(session, account, name))
            .map(rows -> IdentityRows.toUser(rows.root()));
  }

  private Optional<Aggregate> find(Session session, String account, String name)
      throws SQLException {
    Optional<Aggregate> rows = Aggregate.find(session, Table.PRINCIPAL, account, name);
    rows.ifPresent(transactions.macs()::verify);
    return rows;
  }

  List<UserRow> listUsers(String account) {
    String sql =
        Table.PRINCIPAL.selectSql() + " WHERE account = ? AND user_name > ? ORDER BY user_name";
    return transactions.read(
        session -> {
          List<UserRow> users = new ArrayList<>();
          for (Row row : session.select(Table.PRINCIPAL, sql, account, ROOT_NAME)) {
            if (!transactions.macs().isAuthentic(row)) {
              throw Tampering.altered(row);
            }
            users.add(IdentityRows.toUser(row));
          }
          return users;
        });
  }

  void createUser(UserRow user) {
    if (user.name().equals(ROOT_NAME)) {
      throw new IllegalArgumentException("A user has a name");
    }
    write(
        (session, changes) -> {
          if (find(session, user.account(), user.name()).isPresent()) {
            throw new KmsException.AlreadyExists(
                "There is a user " + user.name() + " already. Choose another name.");
          }
          changes.put(Optional.empty(), new Aggregate(IdentityRows.principal(user)));
        });
  }

  Optional<AccessKeyRow> findAccessKey(String accessKeyId) {
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
        find(session, key.text("account"), key.text("user_name"))
            .orElseThrow(() -> Tampering.ownerless(key));
    return Optional.of(new Found(principal, key));
  }

  List<AccessKeyRow> listAccessKeys(String account, String userName) {
    return transactions
        .read(session -> find(session, account, userName))
        .map(rows -> rows.owned(Table.ACCESS_KEY))
        .orElse(List.of())
        .stream()
        .map(IdentityRows::toAccessKey)
        .toList();
  }

  void createAccessKey(AccessKeyRow key) {
    write(
        (session, changes) -> {
          Optional<Aggregate> stored = find(session, key.account(), key.userName());
          Aggregate principal = stored.orElseGet(() -> newRoot(key));
          requireRoom(session, principal, key);
          Row row = IdentityRows.accessKey(key);
          changes.put(stored, IdentityRows.withAccessKey(principal, row));
        });
  }

  /** The account root appears with its first access key; users are created before. */
  private static Aggregate newRoot(AccessKeyRow key) {
    if (!key.userName().equals(ROOT_NAME)) {
      throw new KmsException.NotFound(
          "There is no user " + key.userName() + ". Create it first, with CreateUser.");
    }
    UserRow root = new UserRow(key.account(), ROOT_NAME, key.account(), key.creationDate());
    return new Aggregate(IdentityRows.principal(root));
  }

  private static void requireRoom(Session session, Aggregate principal, AccessKeyRow key)
      throws SQLException {
    if (principal.owned(Table.ACCESS_KEY).size() >= KeyStorage.ACCESS_KEYS_PER_USER) {
      String who = key.userName().isEmpty() ? "The account root" : "User " + key.userName();
      throw new KmsException.LimitExceeded(
          who
              + " has "
              + KeyStorage.ACCESS_KEYS_PER_USER
              + " access keys, which is the limit. Use one of them.");
    }
    if (!session.select(Table.ACCESS_KEY, BY_ID, key.accessKeyId()).isEmpty()) {
      throw new KmsException.AlreadyExists("Access key " + key.accessKeyId() + " exists already.");
    }
  }

  void updateAccessKey(String accessKeyId, boolean active) {
    write(
        (session, changes) -> {
          Found found =
              find(session, accessKeyId)
                  .orElseThrow(
                      () ->
                          new KmsException.NotFound("There is no access key " + accessKeyId + "."));
          AccessKeyRow old = IdentityRows.toAccessKey(found.key());
          Row row =
              IdentityRows.accessKey(
                  new AccessKeyRow(
                      accessKeyId,
                      old.account(),
                      old.userName(),
                      old.verifier(),
                      active,
                      old.creationDate()));
          changes.put(
              Optional.of(found.principal()), IdentityRows.withAccessKey(found.principal(), row));
        });
  }

  private interface Write {
    void run(Session session, Changes changes) throws SQLException;
  }

  private void write(Write write) {
    transactions.write(
        Set.of(),
        true,
        (session, changes) -> {
          write.run(session, changes);
          return true;
        });
  }
}
