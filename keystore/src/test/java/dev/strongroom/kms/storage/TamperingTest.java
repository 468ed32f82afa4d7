// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KmsException.StoreTampered;
import dev.strongroom.kms.key.KmsKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody can do to rows of the database file, and that it is found before they are used. */
class TamperingTest extends TamperedStore {

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
  void tagsTakenAwayWithTheHashOverThemAreFoundBeforeUse() throws SQLException {
    Vandal.on(file, "DELETE FROM key_tag", "UPDATE cmk SET key_tag_hash = NULL");

    assertFound(Table.KEY_TAG, "tags and hash");
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
}
