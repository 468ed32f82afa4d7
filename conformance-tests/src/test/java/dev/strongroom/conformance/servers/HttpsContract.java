// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an HTTPS server does whose key is a CMK. A subclass starts one kind of server, the way its
 * users configure it.
 */
abstract class HttpsContract {
  private static Identities identities;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    identities = Identities.in(folder);
  }

  @AfterAll
  static void close() {
    identities.close();
  }

  static Identities identities() {
    return identities;
  }

  /**
   * Starts a server on a free port of 127.0.0.1, that answers every request with {@link #page}.
   *
   * @param alias the entry of the KeyStore that its key is
   * @param demanding whether it refuses clients without a certificate
   */
  abstract Running start(String alias, boolean demanding) throws Exception;

  /** A started server. */
  record Running(int port, AutoCloseable server) implements AutoCloseable {
    String url() {
      return "https://localhost:" + port + "/";
    }

    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  /** Returns what a server answers to a client with, and one without, a certificate. */
  static String page(String client) {
    return "<!doctype html><title>Strongroom</title><h1>Hello, " + client + "</h1>";
  }

  static final String STRANGER = "stranger";

  @Test
  void answersAnybodyWithAnRsaKey() throws Exception {
    try (Running running = start(Identities.RSA, false)) {
      assertEquals(page(STRANGER), JavaClient.stranger(identities).get(running.url()));
      assertEquals(page(STRANGER), Curl.stranger(identities).get(running.url()));
    }
  }

  @Test
  void answersClientsWithACertificateWithAnEcKey() throws Exception {
    try (Running running = start(Identities.EC, true)) {
      assertEquals(
          page("CN=" + Identities.CLIENT), JavaClient.known(identities).get(running.url()));
      assertEquals(page("CN=curl"), Curl.known(identities).get(running.url()));
      assertThrows(IOException.class, () -> JavaClient.stranger(identities).get(running.url()));
    }
  }

  @Test
  void chromiumShowsThePage(@TempDir Path home) throws Exception {
    Browser browser = Browser.in(home, identities.rootPem());
    try (Running running = start(Identities.EC, false)) {
      String document = browser.open(running.url());

      assertTrue(document.contains("<h1>Hello, " + STRANGER + "</h1>"), document);
    }
  }
}
