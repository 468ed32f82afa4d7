// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.authz.grant.Grant;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * How many uses were taken out of each grant that counts them: rows of their own, so that a use
 * does not make anybody read the key again. A row lives as long as its grant.
 */
final class GrantUseTable {
  private final Transactions transactions;

  GrantUseTable(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Adds and removes the rows that go with grants which are added and removed. */
  void follow(Session session, Changes changes, GrantEdit edit) throws SQLException {
    for (Row grant : edit.added()) {
      if (counts(grant)) {
        changes.put(
            Optional.empty(), new Aggregate(row(grant.text("grant_id"), grant.text("key_id"), 0)));
      }
    }
    remove(session, changes, edit.removed());
  }

  /** Removes the rows that go with grants which are removed. */
  void remove(Session session, Changes changes, List<Row> grants) throws SQLException {
    for (Row grant : grants) {
      if (counts(grant)) {
        changes.delete(
            find(session, grant.text("grant_id"))
                .orElseThrow(() -> Tampering.missing(Table.GRANT_USE)));
      }
    }
  }

  private static boolean counts(Row grant) {
    return grant.value(Table.KEY_GRANT.indexOf("max_uses")) != null;
  }

  private static Row row(String grantId, String keyId, long reserved) {
    return Row.of(Table.GRANT_USE, grantId, keyId, reserved);
  }

  private Optional<Aggregate> find(Session session, String grantId) throws SQLException {
    return transactions.find(session, Table.GRANT_USE, grantId);
  }

  /** A 64th of what is left at most, so that what is lost with a process is little. */
  private static final long SHARES = 64;

  long reserve(Grant grant, long wanted) {
    if (left(grant) == 0) {
      return 0; // for good: without a transaction that writes
    }
    return transactions.writeQuietly(
        (session, changes) -> {
          Optional<Aggregate> stored = find(session, grant.id());
          long left = left(stored, grant);
          long taken = Math.min(Math.min(wanted, left), Math.max(1, left / SHARES));
          stored.ifPresent(row -> change(changes, row, taken));
          return taken;
        });
  }

  long left(Grant grant) {
    return transactions.read(session -> left(find(session, grant.id()), grant));
  }

  private static long left(Optional<Aggregate> stored, Grant grant) {
    return stored
        .map(row -> Math.max(0, grant.maxUses().orElse(0) - row.root().integer("reserved")))
        .orElse(0L);
  }

  private static void change(Changes changes, Aggregate stored, long taken) {
    Row old = stored.root();
    Row changed = row(old.text("grant_id"), old.text("key_id"), old.integer("reserved") + taken);
    changes.put(Optional.of(stored), new Aggregate(changed));
  }

  void giveBack(Grant grant, long unused) {
    transactions.writeQuietly(
        (session, changes) -> {
          find(session, grant.id()).ifPresent(row -> change(changes, row, -unused));
          return true;
        });
  }
}
