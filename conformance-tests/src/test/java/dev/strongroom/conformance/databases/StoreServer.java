// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL 15 server with a database for a store, whose commits reach the disk. The user {@code
 * owner} needs no password, the user {@code guarded} needs {@link #PASSWORD}.
 */
final class StoreServer implements AutoCloseable {
  static final String PASSWORD = "correct horse";

  private static final String BIN = "usr/lib/postgresql/15/bin/";
  private static final String READY = "database system is ready to accept";
  private static final int STARTS = 50;

  private final Path folder;
  private final int port;
  private Process process;

  private StoreServer(Path folder, int port) throws IOException, InterruptedException {
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  static StoreServer start() throws IOException, InterruptedException, SQLException {
    Path initdb = DatabaseRig.file(BIN + "initdb");
    Path folder = DatabaseRig.folder();
    String data = folder.resolve("data").toString();
    DatabaseRig.run(
        folder.resolve("initdb.log"),
        "",
        List.of(initdb.toString(), "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8"));
    Files.writeString(
        folder.resolve("hba.conf"),
        """
        host all guarded 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 trust
        host replication owner 127.0.0.1/32 trust
        """);
    StoreServer server = new StoreServer(folder, DatabaseRig.freePort());
    server.run("postgres", "CREATE DATABASE kms");
    server.run("postgres", "CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
    return server;
  }

  /** Starts a standby that each commit of this server waits for from then on. */
  StoreServer standby() throws IOException, InterruptedException, SQLException {
    Path other = DatabaseRig.folder();
    DatabaseRig.run(
        other.resolve("basebackup.log"),
        "",
        List.of(
            DatabaseRig.file(BIN + "pg_basebackup").toString(),
            "-D",
            other.resolve("data").toString(),
            "-R",
            "--checkpoint=fast",
            "-d",
            "host=127.0.0.1 port=" + port + " user=owner application_name=standby"));
    Files.copy(folder.resolve("hba.conf"), other.resolve("hba.conf"));
    StoreServer standby = new StoreServer(other, DatabaseRig.freePort());
    run("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    run("postgres", "SELECT pg_reload_conf()");
    return standby;
  }

  private Process launch() throws IOException, InterruptedException {
    Path log = folder.resolve("server.log");
    List<String> command = new ArrayList<>();
    command.add(DatabaseRig.file(BIN + "postgres").toString());
    command.addAll(List.of("-D", folder.resolve("data").toString()));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=" + folder,
            "hba_file=" + folder.resolve("hba.conf"))) {
      command.addAll(List.of("-c", setting));
    }
    // After a kill the processes of the one before still hold its files for a moment.
    for (int i = 0; i < STARTS; i++) {
      Process started = DatabaseRig.start(log, command);
      while (!Files.readString(log).contains(READY)) {
        if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
      if (started.isAlive()) {
        return started;
      }
      Thread.sleep(200);
    }
    throw new AssertionError("The server did not start: " + Files.readString(log));
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  String url() {
    return "jdbc:postgresql://" + address() + "/kms?user=owner";
  }

  /** Runs a statement as the database's superuser. */
  void run(String database, String sql) throws SQLException {
    String url = "jdbc:postgresql://" + address() + "/" + database + "?user=owner";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends the server as with {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void startAgain() throws IOException, InterruptedException {
    process = launch();
  }

  /** Makes the primary of a standby. */
  void promote() throws SQLException {
    run("postgres", "SELECT pg_promote()");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    DatabaseRig.stop(process, folder);
  }
}
