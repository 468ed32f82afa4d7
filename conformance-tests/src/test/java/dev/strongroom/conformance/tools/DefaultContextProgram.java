// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tools;

import dev.strongroom.jca.StrongroomProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Shakes hands with itself in the JVM's default TLS context, with client authentication. */
final class DefaultContextProgram {
  private DefaultContextProgram() {}

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new StrongroomProvider());
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (SSLServerSocket server =
        (SSLServerSocket)
            SSLServerSocketFactory.getDefault()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      Future<String> client = executor.submit(() -> peer(server));
      try (SSLSocket socket =
          (SSLSocket)
              SSLSocketFactory.getDefault()
                  .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        System.out.println("server=" + name(socket));
        socket.getOutputStream().write(1);
        System.out.println("client=" + client.get());
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static String peer(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      int read = socket.getInputStream().read();
      return read == 1 ? name(socket) : "nothing";
    }
  }

  private static String name(SSLSocket socket) throws IOException {
    X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return peer.getSubjectX500Principal().getName() + " " + socket.getSession().getProtocol();
  }
}
