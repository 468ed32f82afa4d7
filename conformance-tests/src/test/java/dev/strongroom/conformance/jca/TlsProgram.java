// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Shakes hands with itself over TLS, with the keys of {@link TlsKeys} and with software keys, the
 * same on both sides. Arguments are the provider's position and the folder of the keys; prints a
 * line for each handshake.
 */
final class TlsProgram {
  private final Path folder;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  private TlsProgram(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    StrongroomProvider provider =
        (StrongroomProvider)
            new StrongroomProvider().configure(folder.resolve("strongroom.properties").toString());
    Position.valueOf(arguments[0]).install(provider);
    TlsProgram program = new TlsProgram(folder);
    try (provider) {
      program.run();
    } finally {
      program.executor.shutdownNow();
    }
  }

  private void run() throws GeneralSecurityException, IOException, InterruptedException {
    KeyStore authority =
        KeyStore.getInstance(folder.resolve("trusted.p12").toFile(), "changeit".toCharArray());
    for (Path descriptor : descriptors()) {
      KeyStore keys = KeyStore.getInstance("KMS");
      try (InputStream in = Files.newInputStream(descriptor)) {
        keys.load(in, null);
      }
      shakeAll(keys, authority, descriptor.getFileName().toString());
    }
    for (CmkSpec spec : TlsKeys.SPECS) {
      KeyStore keys = software(spec);
      shakeAll(keys, trusting(keys.getCertificate("own")), "software " + spec);
    }
  }

  private List<Path> descriptors() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".keystore")).sorted().toList();
    }
  }

  private static KeyStore software(CmkSpec spec) throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.jcaName());
    generator.initialize(spec.bits());
    KeyPair pair = generator.generateKeyPair();
    X509Certificate own = SelfSigned.certificate(pair.getPublic(), pair.getPrivate());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {own});
    return keys;
  }

  private static KeyStore trusting(Certificate certificate)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("peer", certificate);
    return trusted;
  }

  private void shakeAll(KeyStore keys, KeyStore trusted, String what)
      throws GeneralSecurityException, IOException, InterruptedException {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      for (String managers : List.of("SunX509", "PKIX")) {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(managers);
        factory.init(keys, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
        shake(protocol, context, what + " " + managers);
      }
    }
  }

  private void shake(String protocol, SSLContext context, String what)
      throws IOException, InterruptedException {
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      server.setEnabledProtocols(new String[] {protocol});
      Future<String> peer = executor.submit(() -> serve(server));
      System.out.println(what + ": " + connect(context, server.getLocalPort()) + peer.get());
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException(what + " " + protocol, e);
    }
  }

  private static String serve(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      boolean known = socket.getSession().getPeerCertificates().length > 0;
      socket.getOutputStream().write(7);
      return known ? " with a client certificate" : " with a stranger";
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
