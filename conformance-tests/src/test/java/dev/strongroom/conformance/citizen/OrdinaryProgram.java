// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Uses cryptography like any program that has never heard of us, and prints what it got. The first
 * argument is {@code aes} or {@code tls}, the second a PKCS12 file with a key for TLS.
 */
final class OrdinaryProgram {
  private static final char[] PASSWORD = "password".toCharArray();

  private OrdinaryProgram() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("aes")) {
      roundTrip();
    } else {
      for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
        shake(protocol, arguments[1]);
      }
    }
  }

  private static void roundTrip() throws Exception {
    SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    GCMParameterSpec iv = new GCMParameterSpec(128, new byte[12]);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key, iv);
    byte[] sealed = cipher.doFinal(new byte[] {1, 2, 3});
    print(HexFormat.of().formatHex(sealed));
    cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key, iv);
    print(HexFormat.of().formatHex(cipher.doFinal(sealed)));
    print(cipher.getProvider().getName());
    print(KeyGenerator.getInstance("AES").getProvider().getName());
    print(new SecureRandom().getAlgorithm());
  }

  private static void shake(String protocol, String file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = new FileInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("peer", keys.getCertificate("key"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);

    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      FutureTask<Integer> peer = new FutureTask<>(() -> serve(server));
      new Thread(peer).start();
      try (SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        socket.setEnabledProtocols(new String[] {protocol});
        SSLSession session = socket.getSession();
        print(session.getProtocol() + " " + session.getCipherSuite());
        print(socket.getInputStream().read() + " " + peer.get());
      }
    }
  }

  private static int serve(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      int certificates = socket.getSession().getPeerCertificates().length;
      socket.getOutputStream().write(7);
      return certificates;
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
