// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.assertSays;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException.StoreTampered;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody can do to the store as a whole, with rows that are authentic by themselves. */
class RollbackTest extends TamperedStore {

  @ParameterizedTest
  @MethodSource("keyTables")
  void oldRowsPutBackAreFoundBeforeUse(Table table) throws SQLException {
    changeEverythingOf(A);

    putBack(table);

    assertFound(table, "old rows of " + table);
  }

  /** Every row of the key is authentic and they fit each other; only the head knows better. */
  @Test
  void wholeKeyPutBackIsFoundByTheScan() throws SQLException {
    changeEverythingOf(A);

    putBack(Table.CMK, Table.KEY_TOKEN, Table.KEY_POLICY, Table.ALIAS, Table.CERTIFICATE);

    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      assertThrows(StoreTampered.class, () -> storage.verifyAll((done, total) -> {}));
      assertThrows(StoreTampered.class, () -> storage.loadAll(ACCOUNT));
    }
  }

  @Test
  void wholeKeyPutBackMakesARunningStorageRefuse() throws Exception {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      change(storage, A);
      storage.verifyAll((done, total) -> {});

      putBack(Table.CMK, Table.KEY_TOKEN, Table.KEY_POLICY, Table.ALIAS, Table.CERTIFICATE);

      StoreTampered refusal = awaitRefusal(storage);
      assertSays("put back", refusal);
      assertThrows(StoreTampered.class, () -> storage.save(List.of(Samples.key())));
    }
  }

  @Test
  void removedKeyIsFoundByTheScan() throws SQLException {
    Vandal.on(
        file,
        "DELETE FROM key_token WHERE key_id = '" + A + "'",
        "DELETE FROM key_policy WHERE key_id = '" + A + "'",
        "DELETE FROM alias WHERE key_id = '" + A + "'",
        "DELETE FROM certificate WHERE key_id = '" + A + "'",
        "DELETE FROM cmk WHERE key_id = '" + A + "'");

    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      assertThrows(StoreTampered.class, () -> storage.verifyAll((done, total) -> {}));
    }
  }

  @Test
  void storePutBackWhileTheProcessLivesIsRefused() throws SQLException {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      change(storage, A);

      putBack(Table.values());

      StoreTampered refusal = assertThrows(StoreTampered.class, () -> storage.findKey(A));
      assertSays("older state", refusal);
    }
  }

  /** Nothing inside the store can tell; the documentation says so. */
  @Test
  void storePutBackWhileNobodyLooksIsNotNoticed() throws Exception {
    changeEverythingOf(A);
    putBack(Table.values());

    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      assertDoesNotThrow(() -> storage.verifyAll((done, total) -> {}));
    }
  }

  @Test
  void duplicatesThatTheSetHashCannotSeeAreCounted() throws SQLException {
    Vandal.on(
        file,
        "CREATE TABLE copy AS SELECT * FROM principal",
        "DROP TABLE principal",
        "ALTER TABLE copy RENAME TO principal",
        "INSERT INTO principal WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
            + " i < 65536) SELECT p.* FROM principal p, n WHERE p.user_name = 'alice'");

    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      assertThrows(StoreTampered.class, () -> storage.verifyAll((done, total) -> {}));
      assertThrows(StoreTampered.class, () -> storage.find(IamKind.USER, ACCOUNT, "alice"));
    }
  }

  @Test
  void emptiedDomainDoesNotLookLikeANewStore() throws SQLException {
    Vandal.on(file, "DELETE FROM domain", "DELETE FROM domain_key", "DELETE FROM head");

    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(StoreTampered.class, store::domain);
      assertThrows(
          StoreTampered.class, () -> store.initialize(Samples.domain(), Samples.authenticator()));
    }
  }

  @Test
  void rowsOfAnotherDomainAreRefused() {
    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(StoreTampered.class, () -> store.unlock(new HmacRows("another domain")));
    }
  }

  @Test
  void backgroundScanRefusesAnAlteredStore() throws Exception {
    Vandal.on(file, "UPDATE cmk SET description = 'changed' WHERE key_id = '" + B + "'");

    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      StoreTampered refusal = awaitRefusal(storage);

      assertSays("cmk[" + B + "]", refusal);
    }
  }

  @Test
  void changeBehindTheHeadIsFoundWhileTheProcessLives() throws Exception {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      storage.verifyAll((done, total) -> {});

      Vandal.on(file, "UPDATE cmk SET description = 'changed' WHERE key_id = '" + B + "'");

      awaitRefusal(storage);
      assertThrows(StoreTampered.class, storage::requireReachable);
    }
  }

  @Test
  void grantsAreProvenByTheScanAndNotByEachListOfKeys() throws SQLException {
    Vandal.on(file, "UPDATE key_grant SET grantee = 'somebody else'");

    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      Transactions transactions = quiet(store);
      assertEquals(2, new JdbcKeyStorage(transactions).loadAll(ACCOUNT).size());
      assertThrows(StoreTampered.class, () -> transactions.check((done, total) -> {}));
    }
  }
}
