// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The identities as one transaction sees them; for the thread that holds it. */
class IdentityView implements IdentityStorage.View {
  private final IdentityTables tables;
  private final Session session;

  /** Carries what the database says through code that knows nothing of databases. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient SQLException reason;

    Interrupted(SQLException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** A question to the database. */
  interface Read<T> {
    T run() throws SQLException;
  }

  IdentityView(IdentityTables tables, Session session) {
    this.tables = tables;
    this.session = session;
  }

  final <T> T look(IdentityStorage.Look<T> look) throws SQLException {
    try {
      return look.at(this);
    } catch (Interrupted e) {
      throw e.reason;
    }
  }

  static <T> T sql(Read<T> read) {
    try {
      return read.run();
    } catch (SQLException e) {
      throw new Interrupted(e);
    }
  }

  /** What goes to the database itself. */
  interface Writing {
    void run(Session session) throws SQLException;
  }

  final void write(Writing writing) {
    sql(
        () -> {
          writing.run(session);
          return true;
        });
  }

  final Optional<Aggregate> rows(IamKind kind, String account, String name) {
    return sql(() -> tables.rows(session, kind, account, name));
  }

  @Override
  public final Optional<IamRecord> find(IamKind kind, String account, String name) {
    return name.isEmpty()
        ? Optional.empty()
        : rows(kind, account, name).map(rows -> IdentityRows.toRecord(kind, rows));
  }

  @Override
  public final List<String> names(IamKind kind, String account) {
    return sql(() -> IdentityTables.names(session, kind, account));
  }

  @Override
  public final List<String> holders(
      IamKind kind, String account, IamPart.Type type, String partName) {
    return sql(
        () ->
            kind == IamKind.USER
                ? session.texts(
                    "SELECT user_name FROM identity_policy WHERE account = ? AND part = ? AND"
                        + " part_name = ? ORDER BY user_name",
                    account,
                    type.name(),
                    partName)
                : session.texts(
                    "SELECT entity_name FROM entity_part WHERE account = ? AND part = ? AND"
                        + " part_name = ? AND kind = ? ORDER BY entity_name",
                    account,
                    type.name(),
                    partName,
                    kind.name()));
  }

  @Override
  public final List<AccountRow> accounts() {
    return sql(() -> session.texts("SELECT account FROM account ORDER BY creation_date, account"))
        .stream()
        .flatMap(account -> sql(() -> tables.account(session, account)).stream())
        .map(rows -> IdentityRows.toAccount(rows.root()))
        .toList();
  }

  @Override
  public final List<AccessKeyRow> accessKeys(String account, String userName) {
    return rows(IamKind.USER, account, userName)
        .map(rows -> rows.owned(Table.ACCESS_KEY))
        .orElse(List.of())
        .stream()
        .map(IdentityRows::toAccessKey)
        .toList();
  }
}
