// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS connection of this process to itself, which shows the same certificate on both sides. */
public final class Handshake {
  private Handshake() {}

  /** Connects once, sends one byte, and returns what became of it. */
  public static String shake(String protocol, Identity identity)
      throws GeneralSecurityException, IOException, InterruptedException, ExecutionException {
    return shake(protocol, new KeyManager[] {identity}, identity.certificate());
  }

  /** As above, with somebody's key managers, which know a key for {@code certificate}. */
  public static String shake(String protocol, KeyManager[] keys, X509Certificate certificate)
      throws GeneralSecurityException, IOException, InterruptedException, ExecutionException {
    SSLContext context = SSLContext.getInstance(protocol);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("peer", certificate);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    context.init(keys, trust.getTrustManagers(), null);
    return shake(protocol, context);
  }

  private static String shake(String protocol, SSLContext context)
      throws IOException, InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      server.setEnabledProtocols(new String[] {protocol});
      Future<String> peer = executor.submit(() -> serve(server));
      return connect(context, server.getLocalPort()) + ", " + peer.get();
    } finally {
      executor.shutdownNow();
    }
  }

  private static String serve(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      SSLSession session = socket.getSession();
      socket.getOutputStream().write(7);
      return session.getPeerCertificates().length + " client certificate";
    }
  }

  private static String connect(SSLContext context, int port) throws IOException {
    try (SSLSocket socket =
            (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      int read = in.read();
      return socket.getSession().getProtocol() + (read == 7 ? " ok" : " broken");
    }
  }
}
