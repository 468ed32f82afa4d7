// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
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
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shakes hands with itself over TLS, with KMS keys and with software keys, on both sides. Its only
 * argument is the provider's position; prints a line for each handshake.
 */
final class TlsProgram {
  private static final List<CmkSpec> SPECS =
      List.of(
          CmkSpec.RSA_2048,
          CmkSpec.ECC_NIST_P256,
          CmkSpec.ECC_NIST_P384,
          CmkSpec.ECC_NIST_EDWARDS25519);

  private TlsProgram() {}

  /** One key and the certificate of it, for both sides. */
  private static final class Identity extends X509ExtendedKeyManager {
    private final PrivateKey key;
    private final X509Certificate certificate;

    Identity(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException, IOException {
      this.key = key;
      this.certificate = SelfSigned.certificate(publicKey, key);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {"only"};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return List.of(keyTypes).contains(key.getAlgorithm()) ? "only" : null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[] {"only"};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return keyType.equals(key.getAlgorithm()) ? "only" : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  public static void main(String[] arguments) throws Exception {
    StrongroomProvider provider = StrongroomProvider.temporary();
    Position.valueOf(arguments[0]).install(provider);
    try (provider) {
      for (CmkSpec spec : SPECS) {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
          shake(protocol, software(spec), protocol + " software " + spec);
          shake(protocol, ours(provider, spec), protocol + " KMS " + spec);
        }
      }
    }
  }

  private static Identity ours(StrongroomProvider provider, CmkSpec spec) throws Exception {
    KeyStore keyStore = KeyStore.getInstance("KMS");
    keyStore.load(null, null);
    if (!keyStore.containsAlias(spec.name())) {
      provider
          .kms()
          .createKey(
              provider.caller(),
              CreateKeyRequest.of(spec)
                  .withUsage(KeyUsage.SIGN_VERIFY)
                  .withAlias(new Alias("alias/" + spec.name())));
    }
    KmsPrivateKey key = (KmsPrivateKey) keyStore.getKey(spec.name(), null);
    return new Identity(key.publicKey(), key);
  }

  private static Identity software(CmkSpec spec) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.jcaName());
    generator.initialize(spec.bits());
    KeyPair pair = generator.generateKeyPair();
    return new Identity(pair.getPublic(), pair.getPrivate());
  }

  private static void shake(String protocol, Identity identity, String what) throws Exception {
    SSLContext context = SSLContext.getInstance(protocol);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("peer", identity.certificate);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    context.init(new KeyManager[] {identity}, trust.getTrustManagers(), null);

    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      server.setEnabledProtocols(new String[] {protocol});
      Future<String> peer = executor.submit(() -> serve(server));
      System.out.println(what + ": " + connect(context, server.getLocalPort()) + ", " + peer.get());
    } catch (IOException | ExecutionException e) {
      throw new IllegalStateException(what, e);
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
