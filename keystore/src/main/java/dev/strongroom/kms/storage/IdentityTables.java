// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import java.sql.SQLException;
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

  /** Returns verified rows; those of the account root, too. */
  Optional<Aggregate> rows(Session session, IamKind kind, String account, String name)
      throws SQLException {
    return transactions.find(
        session, IdentityRows.table(kind), IdentityRows.key(kind, account, name));
  }

  /** Returns the names of all of a kind; the account root is none of them. */
  static List<String> names(Session session, IamKind kind, String account) throws SQLException {
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

  /** Returns the verified row of an account. */
  Optional<Aggregate> account(Session session, String account) throws SQLException {
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
}
