// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.jdbc4.JDBC4Connection;

/** Somebody who can write to the database file and has no HSM. */
public final class Vandal implements AutoCloseable {
  private final Connection connection;

  Vandal(Path file) throws SQLException {
    connection = new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), new Properties());
    run("PRAGMA busy_timeout = 10000");
    run("PRAGMA ignore_check_constraints = ON");
  }

  /** Runs one statement and returns the number of rows that it changed. */
  int run(String sql, Object... parameters) throws SQLException {
    if (parameters.length == 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
        return statement.getUpdateCount();
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** Runs statements that also see another database, as {@code old}. */
  public static void attached(Path file, Path other, String... statements) throws SQLException {
    try (Vandal vandal = new Vandal(file)) {
      vandal.run("ATTACH '" + other + "' AS old");
      vandal.run("BEGIN IMMEDIATE");
      for (String sql : statements) {
        vandal.run(sql);
      }
      vandal.run("COMMIT");
    }
  }

  public static void on(Path file, String... statements) throws SQLException {
    try (Vandal vandal = new Vandal(file)) {
      vandal.run("BEGIN IMMEDIATE");
      for (String sql : statements) {
        vandal.run(sql);
      }
      vandal.run("COMMIT");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
