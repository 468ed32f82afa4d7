// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Security;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A MariaDB server, and MySQL's driver, which reads our KeyStore from a descriptor file. */
@SuppressWarnings("NullAway.Init") // JUnit calls what is marked @BeforeAll first
@Timeout(300)
class MariadbTest {
  @TempDir private static Path folder;
  private static MariadbServer server;
  private static KmsHome home;
  private static Path trusted;

  @BeforeAll
  static void start() throws Exception {
    TestCa ca = TestCa.rsa();
    server = MariadbServer.start(ca);
    trusted = ca.trustStore(folder.resolve("trust.p12"));
    home = KmsHome.in(folder.resolve("kms"));
    Security.addProvider(home.provider());
    home.certified(CmkSpec.RSA_2048, "rsa", ca, "app");
    home.certified(CmkSpec.ECC_NIST_P256, "ec", ca, "app");
    home.certified(CmkSpec.ECC_NIST_P256, "other-name", ca, "mallory");
    home.certified(CmkSpec.ECC_NIST_P256, "other-ca", TestCa.rsa(), "app");
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "secret");
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

  private static Properties properties(String user, String alias) throws IOException {
    Path descriptor = home.descriptor(folder.resolve(alias + ".ks"), alias);
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", MariadbServer.PASSWORD);
    properties.setProperty("sslMode", "VERIFY_IDENTITY");
    properties.setProperty("trustCertificateKeyStoreUrl", trusted.toUri().toString());
    properties.setProperty("trustCertificateKeyStoreType", "PKCS12");
    properties.setProperty("trustCertificateKeyStorePassword", TestCa.TRUST_STORE_PASSWORD);
    properties.setProperty("clientCertificateKeyStoreUrl", descriptor.toUri().toString());
    properties.setProperty("clientCertificateKeyStoreType", "KMS");
    properties.setProperty("connectTimeout", "30000");
    return properties;
  }

  private static Connection connect(Properties properties) throws SQLException {
    return DriverManager.getConnection(server.url(), properties);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ec"})
  void theKeyInTheDescriptorIsTheClients(String alias) throws Exception {
    try (Connection connection = connect(properties("app", alias));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("create or replace table t (a varchar(9))");
      statement.executeUpdate("insert into t values ('hello')");
      try (ResultSet row = statement.executeQuery("select a from t")) {
        assertTrue(row.next());
        assertEquals("hello", row.getString(1));
      }
      try (ResultSet row = statement.executeQuery("show status like 'Ssl_version'")) {
        assertTrue(row.next());
        assertEquals("TLSv1.3", row.getString(2));
      }
    }
  }

  @Test
  void aCertificateWithAnotherNameIsRefusedForWhomItIsNamed() throws Exception {
    SQLException refused =
        assertThrows(SQLException.class, () -> connect(properties("app", "other-name")));
    assertTrue(String.valueOf(refused.getMessage()).contains("Access denied"), refused::toString);

    connect(properties("any", "other-name")).close();
  }

  @Test
  void aCertificateOfAnotherCaIsRefused() {
    assertThrows(SQLException.class, () -> connect(properties("any", "other-ca")));
  }

  @Test
  void noCertificateIsRefused() throws Exception {
    Properties none = properties("any", "rsa");
    none.remove("clientCertificateKeyStoreUrl");
    none.remove("clientCertificateKeyStoreType");

    SQLException refused = assertThrows(SQLException.class, () -> connect(none));
    assertTrue(String.valueOf(refused.getMessage()).contains("Access denied"), refused::toString);
  }
}
