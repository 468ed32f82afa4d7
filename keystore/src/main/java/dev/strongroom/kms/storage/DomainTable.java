// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.KmsKey;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The record of the domain key in a database, and what is authenticated under which version. */
final class DomainTable implements DomainStorage {
  private static final String OPEN = "open";

  // The layout is KeyToken's: format 1, level 1, domain version 4.
  private static final String TOKENS =
      "SELECT count(*) FROM key_token WHERE substr(token, 3, 4) = ?";
  private static final String TOKENS_OF_LEVEL = TOKENS + " AND substr(token, 2, 1) = ?";

  private final Transactions transactions;
  private final ApprovalTable approvals;

  DomainTable(Transactions transactions, ApprovalTable approvals) {
    this.transactions = transactions;
    this.approvals = approvals;
  }

  @Override
  public void activate(DomainRecord wanted, RowAuthenticator sealing, Optional<ApprovalUse> use) {
    transactions.writeSealing(
        sealing,
        (session, changes) -> {
          Aggregate stored = stored(session);
          DomainRecord now = DomainRows.toDomain(stored);
          if (now.isRotating() || now.versions().size() != wanted.versions().size() - 1) {
            throw new KmsException.Conflict(
                "Another process gave the domain key a new version meanwhile. 'cloudhsm"
                    + " describe-domain-key' shows how far that is.");
          }
          if (use.isPresent()) {
            approvals.change(session, changes, use.get());
          }
          put(changes, stored, wanted);
          return true;
        });
  }

  private Aggregate stored(Session session) throws SQLException {
    Aggregate stored = DomainRows.find(session).orElseThrow(() -> Tampering.missing(Table.DOMAIN));
    transactions.macs().verify(stored);
    return stored;
  }

  private static void put(Changes changes, Aggregate stored, DomainRecord wanted) {
    String incarnation = stored.root().text("incarnation");
    changes.put(Optional.of(stored), DomainRows.toRows(wanted, incarnation));
  }

  @Override
  public Amounts amounts() {
    return transactions.read(
        session -> {
          long active = DomainRows.toDomain(stored(session)).active().number();
          List<Table> counted = new ArrayList<>(Table.covered());
          counted.add(Table.KEY_GRANT);
          long done = 0;
          long total = 0;
          for (Table table : counted) {
            String count = "SELECT count(*) FROM " + table.sqlName();
            total += session.number(count);
            done += session.number(count + " WHERE mac_version = ?", active);
          }
          return new Amounts(done, total);
        });
  }

  @Override
  public Pass pass(UnaryOperator<KmsKey> rewrap) {
    return new Renewal(transactions, rewrap);
  }

  @Override
  public boolean retire(DomainRecord wanted) {
    return transactions.write(
        Set.of(),
        false,
        (session, changes) -> {
          Aggregate stored = stored(session);
          if (!isDone(session, wanted)) {
            return false;
          }
          put(changes, stored, wanted);
          return true;
        });
  }

  private static boolean isDone(Session session, DomainRecord wanted) throws SQLException {
    for (Table table : Table.belowHead()) {
      String left = "SELECT count(*) FROM " + table.sqlName() + " WHERE mac_version <> ?";
      if (session.number(left, (long) wanted.active().number()) > 0) {
        return false;
      }
    }
    for (DomainRecord.Version version : wanted.versions()) {
      if (version != wanted.active() && hasTokens(session, version)) {
        return false;
      }
    }
    return true;
  }

  /** Tokens that the HSM wrapped stay where nobody can wrap them again; the others never do. */
  private static boolean hasTokens(Session session, DomainRecord.Version version)
      throws SQLException {
    byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(version.number()).array();
    if (version.wrapPolicy().equals(OPEN)) {
      return session.number(TOKENS, number) > 0;
    }
    byte[] software = {(byte) ProtectionLevel.SOFTWARE.code()};
    byte[] stored = {(byte) ProtectionLevel.CUSTOM_KEY_STORE.code()};
    return session.number(TOKENS_OF_LEVEL, number, software) > 0
        || session.number(TOKENS_OF_LEVEL, number, stored) > 0;
  }

  @Override
  public Optional<Turn> turn() {
    return transactions.dialect().takeTurn();
  }
}
