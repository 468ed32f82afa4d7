// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/**
 * A KMS with keys and certificates for servers and a client, and the files that these are
 * configured with. Its provider is registered, last, until this is closed.
 */
final class Identities implements AutoCloseable {
  static final String RSA = "web-rsa";
  static final String EC = "web-ec";
  static final String CLIENT = "client";
  static final String TRUST_STORE_PASSWORD = TestCa.TRUST_STORE_PASSWORD;

  private final Path folder;
  private final KmsHome home;
  private final TestCa ca;

  private Identities(Path folder, KmsHome home, TestCa ca) {
    this.folder = folder;
    this.home = home;
    this.ca = ca;
  }

  /** Makes all that in an empty folder. */
  static Identities in(Path folder) throws GeneralSecurityException, IOException {
    KmsHome home = KmsHome.in(folder.resolve("home"));
    Identities made = new Identities(folder, home, TestCa.ec());
    home.certified(CmkSpec.RSA_2048, RSA, made.ca, "localhost", "127.0.0.1");
    home.certified(CmkSpec.ECC_NIST_P256, EC, made.ca, "localhost", "127.0.0.1");
    home.certified(CmkSpec.ECC_NIST_P256, CLIENT, made.ca, "client");
    made.ca.trustStore(made.trustStore());
    TestCa.pem(made.rootPem(), List.of(made.ca.root()));
    made.writeClientPem();
    Security.addProvider(home.provider());
    return made;
  }

  private void writeClientPem() throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    TestCa.pem(clientPem(), ca.issue(pair.getPublic(), "CN=curl"));
    String key = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
    Files.writeString(
        clientPem(),
        "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n",
        StandardCharsets.US_ASCII,
        StandardOpenOption.APPEND);
  }

  /** Returns the file that is a KeyStore with one entry. */
  Path descriptor(String alias) throws IOException {
    return home.descriptor(folder.resolve(alias + ".keystore"), alias);
  }

  /** Returns that KeyStore, loaded. */
  KeyStore keyStore(String alias) throws GeneralSecurityException, IOException {
    KeyStore keyStore = KeyStore.getInstance("KMS");
    try (var descriptor = Files.newInputStream(descriptor(alias))) {
      keyStore.load(descriptor, null);
    }
    return keyStore;
  }

  /** Returns the file of trusted certificates. */
  Path trustStore() {
    return folder.resolve("trusted.p12");
  }

  TrustManagerFactory trust() throws GeneralSecurityException, IOException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(KeyStore.getInstance(trustStore().toFile(), TRUST_STORE_PASSWORD.toCharArray()));
    return factory;
  }

  /** Returns the trusted certificate for software that is not Java. */
  Path rootPem() {
    return folder.resolve("root.pem");
  }

  /** Returns the certificate and the key of a client that is not Java. */
  Path clientPem() {
    return folder.resolve("client.pem");
  }

  @Override
  public void close() {
    Security.removeProvider(home.provider().getName());
    home.close();
  }
}
