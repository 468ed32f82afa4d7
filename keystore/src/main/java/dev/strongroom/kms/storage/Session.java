// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database connection with its prepared statements. Used by one thread at a time, which borrowed
 * it from {@link Connections}.
 */
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Place place;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Where a connection leads. */
  interface Place {

    /** A place that nothing can be put in place of. */
    Place ANY =
        new Place() {
          @Override
          public void require() {}

          @Override
          public void leave() {}
        };

    /**
     * @throws dev.strongroom.kms.KmsException.StoreUnavailable if it is not the store any more
     */
    void require();

    /** The connection is closed. */
    void leave();
  }

  /** Takes ownership of {@code connection}, which must be in auto-commit mode. */
  Session(Connection connection, Place place) {
    this.connection = connection;
    this.place = place;
  }

  /**
   * @throws KmsException.StoreUnavailable if the store that this was opened on was taken away
   */
  void requireInPlace() {
    place.require();
  }

  /** Returns the number of rows changed. */
  int execute(String sql, @Nullable Object... parameters) throws SQLException {
    return bind(sql, parameters).executeUpdate();
  }

  /** Runs a statement that is not repeated and may or may not return rows, as PRAGMA does. */
  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Returns the rows that a {@link Table#selectSql()} with a condition finds.
   *
   * @throws KmsException.StoreTampered if a value has a type that its column cannot have
   */
  List<Row> select(Table table, String sql, @Nullable Object... parameters) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet result = bind(sql, parameters).executeQuery()) {
      while (result.next()) {
        rows.add(row(table, result));
      }
    }
    return rows;
  }

  /** What is done with each of many rows. */
  interface Each {
    void accept(Row row) throws SQLException;
  }

  /** Reads rows as {@link #select} does, one at a time. */
  void forEach(Table table, String sql, Each each) throws SQLException {
    try (ResultSet result = bind(sql).executeQuery()) {
      while (result.next()) {
        each.accept(row(table, result));
      }
    }
  }

  private static Row row(Table table, ResultSet result) throws SQLException {
    List<Table.Column> columns = table.columns();
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = normal(result.getObject(i + 1));
      if (!Row.fits(columns.get(i), values[i])) {
        throw Tampering.wrongType(table, columns.get(i).name());
      }
    }
    Object revision = normal(result.getObject(values.length + 1));
    Object macVersion = normal(result.getObject(values.length + 2));
    Object mac = normal(result.getObject(values.length + 3));
    if (revision instanceof Long r && macVersion instanceof Long v && mac instanceof byte[] m) {
      return new Row(table, values, r, v, m);
    }
    throw Tampering.wrongType(table, "mac");
  }

  /** Drivers give small integers as Integer. */
  private static @Nullable Object normal(@Nullable Object value) {
    return value instanceof Integer small ? Long.valueOf(small) : value;
  }

  /** Returns the first column of each row as text. */
  List<String> texts(String sql, @Nullable Object... parameters) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet result = bind(sql, parameters).executeQuery()) {
      while (result.next()) {
        String text = result.getString(1);
        texts.add(text == null ? "" : text);
      }
    }
    return texts;
  }

  /** Returns the names of the columns that a query has. */
  List<String> columnNames(String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet result = bind(sql).executeQuery()) {
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        names.add(result.getMetaData().getColumnName(i));
      }
    }
    return names;
  }

  /** Returns the first column of the first row, or 0 without any. */
  long number(String sql, @Nullable Object... parameters) throws SQLException {
    try (ResultSet result = bind(sql, parameters).executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** Returns the first column of the first row, or no bytes without any. */
  byte[] bytes(String sql) throws SQLException {
    try (ResultSet result = bind(sql).executeQuery()) {
      byte[] bytes = result.next() ? result.getBytes(1) : null;
      return bytes == null ? new byte[0] : bytes;
    }
  }

  private PreparedStatement bind(String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    place.leave(); // before the log goes with the last connection
    connection.close();
  }
}
