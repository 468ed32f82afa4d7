// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.adapter.postgresql.KmsSslSocketFactory;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Path;
import java.security.Security;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL server that wants a client certificate, and clients whose keys are CMKs. */
@SuppressWarnings("NullAway.Init") // JUnit calls what is marked @BeforeAll first
@Timeout(300)
class PostgresTest {
  @TempDir private static Path folder;
  private static TestCa ca;
  private static PostgresServer server;
  private static KmsHome home;

  @BeforeAll
  static void start() throws Exception {
    ca = TestCa.ec();
    server = PostgresServer.start(ca);
    home = KmsHome.in(folder.resolve("kms"));
    Security.addProvider(home.provider());
    home.certified(CmkSpec.ECC_NIST_P256, "ec", ca, "app");
    home.certified(CmkSpec.RSA_2048, "rsa", ca, "app");
    home.certified(CmkSpec.ECC_NIST_P256, "other-name", ca, "mallory");
    home.certified(CmkSpec.ECC_NIST_P256, "other-ca", TestCa.ec(), "app");
    home.create(CmkSpec.ECC_NIST_P256, "bare");
  }

  @AfterAll
  static void stop() throws Exception {
    if (home != null) {
      Security.removeProvider(home.provider().getName());
      home.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static Properties properties(String argument) {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", server.root().toString());
    properties.setProperty("sslfactory", KmsSslSocketFactory.class.getName());
    properties.setProperty("sslfactoryarg", argument);
    properties.setProperty("connectTimeout", "30");
    return properties;
  }

  private static void assertConnects(Properties properties, String subject) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url(), properties);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select client_dn, version from pg_stat_ssl where pid = pg_backend_pid()")) {
      assertTrue(row.next());
      assertEquals(subject, row.getString(1));
      assertEquals("TLSv1.3", row.getString(2));
    }
  }

  private static void assertRefused(Properties properties, String words) {
    String refusal = refusal(properties);
    assertTrue(refusal.contains(words), refusal);
  }

  private static String refusal(Properties properties) {
    SQLException refused =
        assertThrows(
            SQLException.class, () -> DriverManager.getConnection(server.url(), properties));
    StringBuilder messages = new StringBuilder();
    for (Throwable at = refused; at != null; at = at.getCause()) {
      messages.append(at.getMessage()).append('\n');
    }
    return messages.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec", "alias/ec", "rsa"})
  void theKeyOfAnAliasIsTheClients(String alias) throws Exception {
    assertConnects(properties(alias), "/CN=app");
  }

  @Test
  void aDescriptorNamesTheClientsKey() throws Exception {
    Path descriptor = home.descriptor(folder.resolve("client.ks"), "rs*");

    assertConnects(properties(descriptor.toString()), "/CN=app");
  }

  @Test
  void aCertificateWithAnotherNameIsRefused() {
    assertRefused(properties("other-name"), "authentication failed for user");
  }

  @Test
  void aCertificateOfAnotherCaIsRefused() throws Exception {
    refusal(properties("other-ca"));

    assertTrue(server.log().contains("could not accept SSL connection"), server.log());
  }

  @Test
  void aKeyWithoutACertificateIsRefusedWithWhatToDo() {
    assertRefused(properties("bare"), "no certificate to show to the server");
  }

  @Test
  void anUnknownAliasIsRefused() {
    assertRefused(properties("nobody"), "there is no enabled private key");
  }

  @Test
  void aServerOfAnotherCaIsRefused() throws Exception {
    Path foreign = TestCa.pem(folder.resolve("foreign.crt"), List.of(TestCa.ec().root()));
    Properties properties = properties("ec");
    properties.setProperty("sslrootcert", foreign.toString());

    assertRefused(properties, "PKIX path validation failed");
  }

  @Test
  void aServerOfAnotherNameIsRefused() {
    SQLException refused =
        assertThrows(
            SQLException.class,
            () ->
                DriverManager.getConnection(
                    server.url().replace("127.0.0.1", "localhost"), properties("ec")));
    assertTrue(String.valueOf(refused.getMessage()).contains("localhost"), refused::toString);
  }

  @Test
  void theJvmsOwnKeyStoreWillDo() throws Exception {
    Path only = home.descriptor(folder.resolve("only-ec.ks"), "ec");
    List<String> options =
        List.of(
            "-Djavax.net.ssl.keyStore=" + only,
            "-Djavax.net.ssl.keyStoreType=KMS",
            "-Djavax.net.ssl.trustStore=" + ca.trustStore(folder.resolve("trust.p12")),
            "-Djavax.net.ssl.trustStorePassword=" + TestCa.TRUST_STORE_PASSWORD);

    String output =
        JavaProgram.run(
            PostgresProgram.class,
            options,
            server.url() + "?sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");

    assertTrue(output.contains("client_dn=/CN=app"), output);
  }

  @Test
  void withoutAnArgumentTheKeyThatHasACertificateIsTaken() throws Exception {
    String output;
    try (KmsHome other = KmsHome.in(folder.resolve("other-kms"))) {
      other.create(CmkSpec.SYMMETRIC_DEFAULT, "a-secret");
      other.create(CmkSpec.ECC_NIST_P256, "b-bare");
      other.certified(CmkSpec.ECC_NIST_P384, "c-client", ca, "app");
      output =
          JavaProgram.run(
              PostgresProgram.class,
              other.jvmOptions(),
              server.url()
                  + "?sslfactory="
                  + KmsSslSocketFactory.class.getName()
                  + "&sslrootcert="
                  + server.root());
    }

    assertTrue(output.contains("client_dn=/CN=app"), output);
  }
}
