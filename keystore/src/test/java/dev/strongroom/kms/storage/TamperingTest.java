// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.assertSays;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException.StoreTampered;
import dev.strongroom.kms.key.KmsKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody can do to the database file, and that it is found before anything is used. */
class TamperingTest {
  private static final KeyId A = new KeyId(new UUID(1, 1));
  private static final KeyId B = new KeyId(new UUID(2, 2));

  private static Path original;
  private Path file;

  @BeforeAll
  static void fill(@TempDir Path folder) {
    original = folder.resolve("original.db");
    try (KeyStorage storage = Samples.open(Samples.url(original))) {
      storage.save(List.of(Samples.key(A, "alias/a", "alias/aa"), Samples.key(B, "alias/b")));
      storage.createAccessKey(Samples.accessKey("AKIAROOT", ""));
      storage.createUser(Samples.user("alice"));
      storage.createUser(Samples.user("bob"));
      storage.createAccessKey(Samples.accessKey("AKIAALICE", "alice"));
      storage.createAccessKey(Samples.accessKey("AKIABOB", "bob"));
    }
    registerAuditStream();
  }

  private static void registerAuditStream() {
    try (JdbcStore store = JdbcStore.open(Samples.url(original), Samples.CLOCK)) {
      Transactions transactions = quiet(store);
      transactions.write(
          Set.of(),
          false,
          (session, changes) -> {
            Row row = Row.of(Table.AUDIT_STREAM, "stream-1", 1L, null, Samples.bytes(32, 1));
            changes.put(Optional.empty(), new Aggregate(row));
            return true;
          });
    }
  }

  @BeforeEach
  void restore() throws IOException {
    file = original.resolveSibling(UUID.randomUUID() + ".db");
    Files.copy(original, file);
  }

  /** Returns transactions that nothing checks in the background: reads are on their own. */
  private static Transactions quiet(JdbcStore store) {
    return new Transactions(store.connections(), new RowMacs(Samples.authenticator(), Set.of(1)));
  }

  /** A column of a table, the last three included. */
  record Place(Table table, String column, Optional<Table.Type> type) {
    @Override
    public String toString() {
      return table.sqlName() + "." + column;
    }
  }

  static Stream<Place> everyColumn() {
    return Stream.of(Table.values())
        .flatMap(
            table ->
                Stream.concat(
                    table.columns().stream()
                        .map(c -> new Place(table, c.name(), Optional.of(c.type()))),
                    Stream.of(
                        new Place(table, "revision", Optional.of(Table.Type.INTEGER)),
                        new Place(table, "mac_version", Optional.of(Table.Type.INTEGER)),
                        new Place(table, "mac", Optional.of(Table.Type.BYTES)))));
  }

  @ParameterizedTest
  @MethodSource("everyColumn")
  void alteredColumnIsFoundBeforeUse(Place place) throws SQLException, IOException {
    for (String value : otherValues(place)) {
      restore();

      assertEquals(1, alter(place, value));
      assertFound(place.table(), place + " = " + value);
    }
  }

  private int alter(Place place, String value) throws SQLException {
    try (Vandal vandal = new Vandal(file)) {
      return vandal.run(
          "UPDATE %1$s SET %2$s = %3$s WHERE rowid = (SELECT max(rowid) FROM %1$s)"
              .formatted(place.table().sqlName(), place.column(), value));
    }
  }

  private static List<String> otherValues(Place place) {
    String column = place.column();
    return switch (place.type().orElseThrow()) {
      case INTEGER ->
          List.of(
              "coalesce(" + column + " + 1, 0)",
              "coalesce(-" + column + " - 1, 0)",
              "'" + "7x'",
              "9223372036854775807");
      case TEXT -> List.of(column + " || 'x'", "'other'", "x'41'", "upper(" + column + ") || 'É'");
      case BYTES ->
          List.of(
              "x'00' || " + column,
              "zeroblob(length(" + column + "))",
              "CAST(substr(" + column + ", 1, length(" + column + ") - 1) AS BLOB)",
              "'text'");
    };
  }

  /** Checks that direct reads of what the table belongs to fail, and a scan as well. */
  private void assertFound(Table table, String what) {
    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(StoreTampered.class, () -> use(store, table), what);
    }
    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(
          StoreTampered.class,
          () -> {
            store.domain();
            try (KeyStorage storage = store.unlock(Samples.authenticator())) {
              storage.verifyAll((done, total) -> {});
            }
          },
          what);
    }
  }

  private static void use(JdbcStore store, Table table) {
    switch (table) {
      case HEAD, DOMAIN, DOMAIN_KEY -> {
        store.domain();
        store.unlock(Samples.authenticator());
      }
      case CMK, KEY_TOKEN, KEY_POLICY, ALIAS, CERTIFICATE -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.findKey(A);
        storage.findKey(B);
      }
      case PRINCIPAL, ACCESS_KEY -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.listAccessKeys(ACCOUNT, "");
        storage.listAccessKeys(ACCOUNT, "alice");
        storage.listAccessKeys(ACCOUNT, "bob");
      }
      case AUDIT_STREAM -> new JdbcKeyStorage(quiet(store)).loadAll(ACCOUNT);
    }
  }

  @ParameterizedTest
  @MethodSource("everyTable")
  void deletedRowIsFoundBeforeUse(Table table) throws SQLException {
    Vandal.on(
        file,
        "DELETE FROM %s WHERE rowid = (SELECT max(rowid) FROM %<s)".formatted(table.sqlName()));

    assertFound(table, "deleted from " + table);
  }

  static Stream<Table> everyTable() {
    return Stream.of(Table.values());
  }

  @ParameterizedTest
  @MethodSource("ownedColumns")
  void columnSwappedBetweenOwnersIsFoundBeforeUse(Place place) throws SQLException {
    String table = place.table().sqlName();
    String owner = place.table() == Table.ACCESS_KEY ? "user_name" : "key_id";
    String first = place.table() == Table.ACCESS_KEY ? "alice" : A.text();
    String second = place.table() == Table.ACCESS_KEY ? "bob" : B.text();

    Vandal.on(
        file,
        "CREATE TEMP TABLE swap AS SELECT * FROM " + table,
        ("UPDATE %1$s SET %2$s = (SELECT max(%2$s) FROM swap WHERE %3$s = CASE %1$s.%3$s WHEN"
                + " '%4$s' THEN '%5$s' ELSE '%4$s' END) WHERE %3$s IN ('%4$s', '%5$s')")
            .formatted(table, place.column(), owner, first, second));

    assertFound(place.table(), "swapped " + place);
  }

  static Stream<Place> ownedColumns() {
    return everyColumn()
        .filter(
            place ->
                Set.of(
                        "key_token.token",
                        "key_token.material_id",
                        "key_policy.policy",
                        "certificate.der",
                        "access_key.verifier")
                    .contains(place.toString()));
  }

  @ParameterizedTest
  @MethodSource("keyTables")
  void rowsSwappedWithTheirMacsAreFoundBeforeUse(Table table) throws SQLException {
    String swap =
        "UPDATE %s SET key_id = CASE key_id WHEN '%s' THEN '-' || '%s' ELSE '-' || '%2$s' END"
            .formatted(table.sqlName(), A.text(), B.text());

    Vandal.on(file, swap, "UPDATE " + table.sqlName() + " SET key_id = substr(key_id, 2)");

    assertFound(table, "swapped rows of " + table);
  }

  static Stream<Table> keyTables() {
    return Stream.of(Table.CMK, Table.KEY_TOKEN, Table.KEY_POLICY, Table.ALIAS, Table.CERTIFICATE);
  }

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
      assertThrows(StoreTampered.class, () -> storage.findUser(ACCOUNT, "alice"));
    }
  }

  @Test
  void messageNamesTableAndPrimaryKey() throws SQLException {
    Vandal.on(
        file, "UPDATE key_token SET token = x'00' WHERE key_id = '" + A + "' AND generation = 1");

    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
      StoreTampered refusal = assertThrows(StoreTampered.class, () -> storage.findKey(A));

      assertSays("key_token[" + A + ", 1]", refusal);
      assertSays("strongroom doctor", refusal);
    }
  }

  @Test
  void missingPolicyIsTampering() throws SQLException {
    Vandal.on(file, "DELETE FROM key_policy");

    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
      StoreTampered refusal = assertThrows(StoreTampered.class, () -> storage.findKey(A));

      assertSays("key_policy", refusal);
    }
  }

  @Test
  void tamperedKeyIsNotWrittenAnew() throws SQLException {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      KmsKey key = storage.findKey(A).orElseThrow();
      Vandal.on(file, "UPDATE key_token SET mac = zeroblob(32) WHERE key_id = '" + A + "'");

      assertThrows(
          StoreTampered.class, () -> storage.save(List.of(key.withDescription("changed"))));
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
    }
  }

  private static StoreTampered awaitRefusal(KeyStorage storage) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      try {
        storage.revision();
      } catch (StoreTampered e) {
        return e;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("The storage does not refuse");
  }

  private void changeEverythingOf(KeyId id) {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      change(storage, id);
    }
  }

  private static void change(KeyStorage storage, KeyId id) {
    KmsKey old = storage.findKey(id).orElseThrow();
    KmsKey other = Samples.key(new KeyId(new UUID(9, 9)), "alias/new");
    storage.save(
        List.of(
            new KmsKey(
                old.arn(),
                old.spec(),
                old.usage(),
                old.state(),
                old.origin(),
                old.level(),
                old.subkeyCache(),
                "new",
                old.creationDate(),
                old.deletionDate(),
                other.generations(),
                "{\"new\":true}",
                other.aliases(),
                other.certificateChain(),
                old.revision())));
  }

  /** Puts rows of the original file in the place of today's. */
  private void putBack(Table... tables) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (Table table : tables) {
      statements.add("DELETE FROM main." + table.sqlName());
      statements.add("INSERT INTO main.%1$s SELECT * FROM old.%1$s".formatted(table.sqlName()));
    }
    try (Vandal vandal = new Vandal(file)) {
      vandal.run("ATTACH DATABASE '" + original + "' AS old");
      vandal.run("BEGIN IMMEDIATE");
      for (String sql : statements) {
        vandal.run(sql);
      }
      vandal.run("COMMIT");
    }
  }
}
