// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings the tables to the version that this program knows: numbered scripts beside this class,
 * each applied once, all in one transaction. Scripts separate statements by semicolons and have
 * comments on lines of their own.
 */
final class Migrations {
  private static final List<String> SCRIPTS =
      List.of(
          "001-tables.sql",
          "002-grants.sql",
          "003-pkcs1-decryption.sql",
          "004-trusted-certificates.sql",
          "005-approvals.sql",
          "006-identities.sql",
          "007-accounts.sql",
          "008-tags.sql",
          "009-account-approvals.sql",
          "010-deletion.sql",
          "011-rotation.sql",
          "012-import.sql",
          "013-domain-rotation.sql",
          "014-custom-key-stores.sql",
          "015-multi-region.sql",
          "016-restoration.sql",
          "017-rotation-by-use.sql",
          "018-commit-outcomes.sql");
  private static final String PRODUCT = "strongroom";
  private static final String VERSIONS = "schema_version";

  private final Connections connections;
  private final Clock clock;

  Migrations(Connections connections, Clock clock) {
    this.connections = connections;
    this.clock = clock;
  }

  /**
   * @throws KmsException.Configuration if the tables are of a later version or of another program
   */
  void apply() {
    // First without the lock: almost always there is nothing to do.
    if (connections.read(this::version) < SCRIPTS.size()) {
      connections.write(this::applyMissing);
    }
  }

  /** Returns the number of scripts that were applied to the store. */
  private long version(Session session) throws SQLException {
    List<String> tables = connections.dialect().tableNames(session);
    if (tables.isEmpty()) {
      return 0;
    }
    if (!tables.contains(VERSIONS) || !isOurs(session)) {
      throw new KmsException.Configuration(
          "The database "
              + connections.dialect().place()
              + " belongs to another program. Name a new one in 'store' in the settings.",
          null);
    }
    long version = session.number("SELECT max(version) FROM schema_version");
    if (version > SCRIPTS.size()) {
      throw new KmsException.Configuration(
          "The store %s has the schema version %d and this program knows %d at most. Use the newer"
                  .formatted(connections.dialect().place(), version, SCRIPTS.size())
              + " version of Strongroom that wrote it.",
          null);
    }
    return version;
  }

  /** Other programs have tables of that name, with other columns. */
  private static boolean isOurs(Session session) throws SQLException {
    return session
            .columnNames("SELECT * FROM schema_version WHERE 1 = 0")
            .containsAll(List.of("version", "product"))
        && session.texts("SELECT DISTINCT product FROM schema_version").equals(List.of(PRODUCT));
  }

  private Void applyMissing(Session session) throws SQLException {
    int version = (int) version(session);
    if (version == 0) {
      session.run(
          "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, product TEXT NOT NULL,"
              + " applied BIGINT NOT NULL)");
    }
    for (int next = version; next < SCRIPTS.size(); next++) {
      for (String statement : statements(SCRIPTS.get(next))) {
        session.run(statement);
      }
      session.execute(
          "INSERT INTO schema_version (version, product, applied) VALUES (?, ?, ?)",
          next + 1L,
          PRODUCT,
          Row.nanos(clock.instant()));
    }
    return null;
  }

  private List<String> statements(String script) {
    String text =
        read(script)
            .lines()
            .filter(line -> !line.startsWith("--"))
            .collect(Collectors.joining("\n"));
    return Stream.of(connections.dialect().complete(text).split(";"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private static String read(String script) {
    try (InputStream in = Migrations.class.getResourceAsStream(script)) {
      if (in == null) {
        throw new AssertionError("The program is incomplete: " + script + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The program cannot be read: " + script, e);
    }
  }
}
