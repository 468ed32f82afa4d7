// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import dev.strongroom.conformance.fixture.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;

/**
 * A PostgreSQL 15 server with TLS. The user {@code app} needs a certificate of the CA with its name
 * and no password.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String BIN = "usr/lib/postgresql/15/bin/";

  private final Path folder;
  private final int port;
  private final Process process;

  private PostgresServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  public static PostgresServer start(TestCa ca)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path postgres = DatabaseRig.file(BIN + "postgres");
    Path initdb = DatabaseRig.file(BIN + "initdb");
    Path folder = DatabaseRig.folder();
    String data = folder.resolve("data").toString();
    DatabaseRig.run(
        folder.resolve("initdb.log"),
        "",
        List.of(initdb.toString(), "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "-N"));
    KeyPair key = DatabaseRig.rsa();
    DatabaseRig.privateKey(folder.resolve("server.key"), key);
    TestCa.pem(folder.resolve("server.crt"), ca.issue(key.getPublic(), "CN=db", "127.0.0.1"));
    TestCa.pem(folder.resolve("root.crt"), List.of(ca.root()));
    Files.writeString(
        folder.resolve("hba.conf"), "hostssl all all 127.0.0.1/32 trust clientcert=verify-full\n");

    int port = DatabaseRig.freePort();
    Path log = folder.resolve("server.log");
    Process process =
        DatabaseRig.start(
            log,
            List.of(
                postgres.toString(),
                "-D",
                data,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=" + folder,
                "-c",
                "hba_file=" + folder.resolve("hba.conf"),
                "-c",
                "ssl=on",
                "-c",
                "ssl_cert_file=" + folder.resolve("server.crt"),
                "-c",
                "ssl_key_file=" + folder.resolve("server.key"),
                "-c",
                "ssl_ca_file=" + folder.resolve("root.crt"),
                "-c",
                "fsync=off"));
    PostgresServer server = new PostgresServer(folder, port, process);
    DatabaseRig.await(process, log, "database system is ready to accept connections");
    return server;
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public Path root() {
    return folder.resolve("root.crt");
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("server.log"));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    DatabaseRig.stop(process, folder);
  }
}
