// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What differs between databases; all other SQL is the same for every one of them. */
sealed interface Dialect permits Sqlite, Postgres {

  /** Makes what must exist before the first connection; does nothing where it exists already. */
  void prepare();

  /**
   * Opens a connection.
   *
   * @param writes whether it may write
   */
  Session open(boolean writes) throws SQLException;

  /** Returns whether the store is seen by one connection only and vanishes with it. */
  boolean isThrowAway();

  /**
   * Begins a transaction that sees one state of the store, or one in which nobody else can write.
   */
  void begin(Session session, boolean writes) throws SQLException;

  /** Writes what {@link #wasCommitted} looks for; the COMMIT of the transaction is next. */
  void prepareCommit(Session session) throws SQLException;

  List<String> tableNames(Session session) throws SQLException;

  /** Fills the names of types into a migration. */
  String complete(String migration);

  /** Returns a number that is another one after each commit by another KMS. */
  long changeCounter(Session session) throws SQLException;

  /** Returns whether the statement will succeed later because others hold a lock now. */
  boolean isBusy(SQLException failure);

  /** Returns whether the connection is gone, and not what was asked of it wrong. */
  boolean isLost(SQLException failure);

  /**
   * Returns whether the last transaction was committed, whose COMMIT failed; asks the database. For
   * the one thread that writes.
   *
   * @throws KmsException.StoreUnavailable if that cannot be known
   */
  boolean wasCommitted(SQLException failure);

  /**
   * Has content that was removed overwritten where copies of it are left.
   *
   * @return false if it is busy
   */
  boolean scrub(Session session) throws SQLException;

  /** Says what is wrong and what to do. */
  KmsException translate(SQLException failure);

  /** See {@link DomainStorage#turn}. */
  Optional<DomainStorage.Turn> takeTurn();

  /** Returns the place of the store, for messages. */
  String place();
}
