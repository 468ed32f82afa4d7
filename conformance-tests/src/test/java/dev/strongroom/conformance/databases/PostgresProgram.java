// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import dev.strongroom.jca.StrongroomProvider;
import java.security.Security;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/**
 * A client that knows nothing of Strongroom but the provider: its URL and its JVM's options do the
 * rest.
 */
final class PostgresProgram {
  private PostgresProgram() {}

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new StrongroomProvider());
    String url = arguments[0] + "&user=app&sslmode=verify-full";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select client_dn from pg_stat_ssl where pid = pg_backend_pid()")) {
      row.next();
      System.out.println("client_dn=" + row.getString(1));
    }
  }
}
