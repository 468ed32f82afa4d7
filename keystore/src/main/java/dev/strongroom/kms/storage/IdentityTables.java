// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Accounts, users, groups, roles and managed policies in a database. Every change writes the
 * account's row anew as well, whose revision tells other processes that something is different.
 */
final class IdentityTables {
  private static final String ROOT_NAME = "";

  private final Transactions transactions;

  IdentityTables(Transactions transactions) {
    this.transactions = transactions;
  }

  Optional<IamRecord> find(IamKind kind, String account, String name) {
    return name.equals(ROOT_NAME)
        ? Optional.empty()
        : transactions
            .read(session -> rows(session, kind, account, name))
            .map(rows -> IdentityRows.toRecord(kind, rows));
  }

  /** Returns verified rows; those of the account root, too. */
  Optional<Aggregate> rows(Session session, IamKind kind, String account, String name)
      throws SQLException {
    return transactions.find(
        session, IdentityRows.table(kind), IdentityRows.key(kind, account, name));
  }

  List<IamRecord> list(IamKind kind, String account) {
    return transactions.read(
        session -> {
          List<IamRecord> records = new ArrayList<>();
          for (String name : names(session, kind, account)) {
            rows(session, kind, account, name)
                .ifPresent(rows -> records.add(IdentityRows.toRecord(kind, rows)));
          }
          return records;
        });
  }

  private static List<String> names(Session session, IamKind kind, String account)
      throws SQLException {
    return kind == IamKind.USER
        ? session.texts(
            "SELECT user_name FROM principal WHERE account = ? AND user_name > ? ORDER BY"
                + " user_name",
            account,
            ROOT_NAME)
        : session.texts(
            "SELECT entity_name FROM iam_entity WHERE account = ? AND kind = ? ORDER BY"
                + " entity_name",
            account,
            kind.name());
  }

  /** That none is missing is proven, as by loadAll of keys. */
  List<AccountRow> listAccounts() {
    List<AccountRow> accounts = new ArrayList<>();
    transactions.scan(
        root -> {
          if (root.root().table() == Table.ACCOUNT) {
            accounts.add(IdentityRows.toAccount(root.root()));
          }
        });
    return accounts;
  }

  Optional<AccountRow> findAccount(String account) {
    return transactions
        .read(session -> account(session, account))
        .map(rows -> IdentityRows.toAccount(rows.root()));
  }

  private Optional<Aggregate> account(Session session, String account) throws SQLException {
    return transactions.find(session, Table.ACCOUNT, account);
  }

  <T> T view(IdentityStorage.Look<T> look) {
    return transactions.read(session -> new IdentityView(this, session).look(look));
  }

  <T> T change(IdentityStorage.Work<T> work) {
    return transactions.write(
        Set.of(),
        true,
        (session, changes) -> {
          IdentityEdit edit = new IdentityEdit(this, session, changes);
          T result = edit.look(view -> work.run(edit));
          for (AccountRow touched : edit.touched()) {
            touch(session, changes, touched);
          }
          return result;
        });
  }

  /** Writes the account's row, which there was not before its first identity. */
  void touch(Session session, Changes changes, AccountRow fallback) throws SQLException {
    Optional<Aggregate> stored = account(session, fallback.account());
    AccountRow row = stored.map(rows -> IdentityRows.toAccount(rows.root())).orElse(fallback);
    changes.put(stored, new Aggregate(IdentityRows.account(row)));
  }

  void requireNew(Session session, String account) throws SQLException {
    if (account(session, account).isPresent()
        || session.number("SELECT count(*) FROM principal WHERE account = ?", account) > 0
        || session.number("SELECT count(*) FROM cmk WHERE account = ?", account) > 0) {
      throw new KmsException.AlreadyExists(
          "There is an account " + account + " already. Choose another id.");
    }
  }
}
