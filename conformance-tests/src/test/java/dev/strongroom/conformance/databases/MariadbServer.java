// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import dev.strongroom.conformance.fixture.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB server with TLS. The user {@code app} needs a certificate of the CA with its name, the
 * user {@code any} any of the CA; both have a password, too.
 */
final class MariadbServer implements AutoCloseable {
  static final String PASSWORD = "pass-word";

  private final Path folder;
  private final int port;
  private final Process process;

  private MariadbServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  static MariadbServer start(TestCa ca)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path program = DatabaseRig.file("usr/sbin/mariadbd");
    Path share = DatabaseRig.file("usr/share/mysql");
    Path folder = DatabaseRig.folder();
    List<String> command =
        List.of(
            program.toString(),
            "--no-defaults",
            "--datadir=" + folder.resolve("data"),
            "--lc-messages-dir=" + share,
            "--character-sets-dir=" + share.resolve("charsets"),
            "--innodb-log-file-size=4M",
            "--innodb-buffer-pool-size=8M",
            "--innodb-use-native-aio=0");
    DatabaseRig.run(
        folder.resolve("mkdir.log"), "", List.of("/bin/mkdir", folder.resolve("data").toString()));
    List<String> bootstrap = new ArrayList<>(command);
    bootstrap.add("--bootstrap");
    DatabaseRig.run(folder.resolve("bootstrap.log"), firstStatements(share), bootstrap);

    KeyPair key = DatabaseRig.rsa();
    DatabaseRig.privateKey(folder.resolve("server.key"), key);
    TestCa.pem(folder.resolve("server.crt"), ca.issue(key.getPublic(), "CN=db", "127.0.0.1"));
    TestCa.pem(folder.resolve("root.crt"), List.of(ca.root()));
    int port = DatabaseRig.freePort();
    List<String> serve = new ArrayList<>(command);
    serve.addAll(
        List.of(
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + folder.resolve("socket"),
            "--pid-file=" + folder.resolve("pid"),
            "--ssl-cert=" + folder.resolve("server.crt"),
            "--ssl-key=" + folder.resolve("server.key"),
            "--ssl-ca=" + folder.resolve("root.crt")));
    Path log = folder.resolve("server.log");
    Process process = DatabaseRig.start(log, serve);
    DatabaseRig.await(process, log, "ready for connections");
    return new MariadbServer(folder, port, process);
  }

  /** What mariadb-install-db does, and our users. One line is one statement there. */
  private static String firstStatements(Path share) throws IOException {
    return "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
        + "SET @skip_auth_anonymous='x';\n"
        + Files.readString(share.resolve("mysql_system_tables.sql"))
        + Files.readString(share.resolve("mysql_system_tables_data.sql"))
        + "FLUSH PRIVILEGES;\nCREATE DATABASE app;\n"
        + user("app", "SUBJECT '/CN=app'")
        + user("any", "X509");
  }

  private static String user(String name, String required) {
    String account = "'" + name + "'@'127.0.0.1'";
    return "CREATE USER %s IDENTIFIED BY '%s' REQUIRE %s;\nGRANT ALL ON app.* TO %s;\n"
        .formatted(account, PASSWORD, required, account);
  }

  String url() {
    return "jdbc:mysql://127.0.0.1:" + port + "/app";
  }

  @Override
  public void close() throws IOException, InterruptedException {
    DatabaseRig.stop(process, folder);
  }
}
