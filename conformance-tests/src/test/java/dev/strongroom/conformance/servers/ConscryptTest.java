// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Conscrypt's own TLS on both sides: with keys that it cannot read it asks JCA, for a signature on
 * a curve, and for the bare RSA operation.
 */
class ConscryptTest {
  private static final Provider CONSCRYPT = Conscrypt.newProvider();
  private static Identities identities;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    identities = Identities.in(folder);
  }

  @AfterAll
  static void close() {
    identities.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothSidesAuthenticateWithCurveKeys(String protocol) throws Exception {
    assertEquals(protocol + " with a certificate", shake(protocol, Identities.EC));
  }

  @Test
  void rsaKeysCannotServe() {
    assertThrows(IOException.class, () -> shake("TLSv1.2", Identities.RSA));
  }

  private static String shake(String protocol, String alias) throws Exception {
    SSLContext context = context(alias);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      server.setEnabledProtocols(new String[] {protocol});
      Callable<Integer> serving = () -> serve(server);
      Future<Integer> peer = executor.submit(serving);
      try (SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        socket.startHandshake();
        socket.getInputStream().read();
        return socket.getSession().getProtocol()
            + (peer.get() > 0 ? " with a certificate" : " with a stranger");
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static int serve(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      int certificates = socket.getSession().getPeerCertificates().length;
      socket.getOutputStream().write(7);
      return certificates;
    }
  }

  private static SSLContext context(String alias) throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identities.keyStore(alias), null);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", CONSCRYPT);
    trust.init(
        KeyStore.getInstance(
            identities.trustStore().toFile(), Identities.TRUST_STORE_PASSWORD.toCharArray()));
    SSLContext context = SSLContext.getInstance("TLS", CONSCRYPT);
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
