// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Shakes hands with itself over TLS 1.2 with RSA key exchange, in which the server decrypts PKCS#1
 * v1.5: while its key may not, and while it may. The argument is the provider's position.
 */
final class RsaKeyExchangeProgram {
  private static final String SUITE = "TLS_RSA_WITH_AES_128_GCM_SHA256";

  private RsaKeyExchangeProgram() {}

  public static void main(String[] arguments) throws Exception {
    // What JDKs switch off by now. Nothing has loaded JSSE yet.
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    ExecutorService server = Executors.newSingleThreadExecutor();
    try (StrongroomProvider provider = StrongroomProvider.temporary()) {
      Position.valueOf(arguments[0]).install(provider);
      SSLContext context = context(provider);
      System.out.println("denied: " + shake(context, server));
      provider.kms().updatePkcs1Decryption(provider.caller(), new Alias("alias/web"), true);
      System.out.println("allowed: " + shake(context, server));
    } finally {
      server.shutdownNow();
    }
  }

  private static SSLContext context(StrongroomProvider provider) throws Exception {
    provider
        .kms()
        .createKey(
            provider.caller(),
            CreateKeyRequest.of(CmkSpec.RSA_2048)
                .withUsage(KeyUsage.ENCRYPT_DECRYPT)
                .withAlias(new Alias("alias/web")));
    KeyStore keys = KeyStore.getInstance("KMS", provider);
    keys.load(null, null);
    KmsPrivateKey key = (KmsPrivateKey) keys.getKey("web", null);
    TestCa ca = TestCa.rsa();
    keys.setKeyEntry(
        "web",
        key,
        null,
        ca.issue(key.publicKey(), "CN=localhost", "localhost").toArray(new X509Certificate[0]));
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, null);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("root", ca.root());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static String shake(SSLContext context, ExecutorService executor) throws IOException {
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setEnabledCipherSuites(new String[] {SUITE});
      executor.execute(() -> serve(server));
      return connect(context, server.getLocalPort());
    }
  }

  private static void serve(SSLServerSocket server) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.getOutputStream().write(7);
    } catch (IOException e) {
      System.out.println("refused by the server");
    }
  }

  private static String connect(SSLContext context, int port) {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledCipherSuites(new String[] {SUITE});
      return socket.getInputStream().read() + " over " + socket.getSession().getCipherSuite();
    } catch (IOException e) {
      return "no connection";
    }
  }
}
