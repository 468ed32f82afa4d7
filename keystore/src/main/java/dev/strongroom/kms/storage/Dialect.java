// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What differs between databases; all other SQL is the same for every one of them. */
sealed interface Dialect permits Sqlite {

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

  /** Returns the statement that begins a transaction which sees one state of the store. */
  String beginReading();

  /** Returns the statement that begins a transaction in which nobody else can write the head. */
  String beginWriting();

  List<String> tableNames(Session session) throws SQLException;

  /** Fills the names of types into a migration. */
  String complete(String migration);

  /** Returns a number that is another one after each commit by another connection. */
  long changeCounter(Session session) throws SQLException;

  /** Returns whether the statement will succeed later because others hold a lock now. */
  boolean isBusy(SQLException failure);

  /**
   * Has content that was removed overwritten where copies of it are left.
   *
   * @return false if it is busy
   */
  boolean scrub(Session session) throws SQLException;

  /** Says what is wrong and what to do. */
  KmsException translate(SQLException failure);

  /** Returns the file that the store is in; empty where it is in none. */
  Optional<Path> file();

  /** Returns the place of the store, for messages. */
  String place();
}
