// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The TLS context that a JVM makes from system properties, over the KeyStore of a KMS. */
class DefaultContextTest {
  @TempDir private Path folder;

  private Launched run(KmsHome home, TestCa ca, String keyStore) throws Exception {
    List<String> options = new ArrayList<>(home.jvmOptions());
    options.addAll(
        List.of(
            "-Djavax.net.ssl.keyStore=" + keyStore,
            "-Djavax.net.ssl.keyStoreType=KMS",
            "-Djavax.net.ssl.trustStore=" + ca.trustStore(folder.resolve("trust.p12")),
            "-Djavax.net.ssl.trustStorePassword=" + TestCa.TRUST_STORE_PASSWORD));
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
    return Launched.java(folder, options, classPath, DefaultContextProgram.class.getName());
  }

  @Test
  void serverAndClientAuthenticateWithTheKmsKey() throws Exception {
    TestCa ca = TestCa.ec();
    try (KmsHome home = KmsHome.in(folder.resolve("kms"))) {
      home.certified(CmkSpec.ECC_NIST_P256, "tls", ca, "localhost", "127.0.0.1");
      home.create(CmkSpec.SYMMETRIC_DEFAULT, "not-for-tls");
      Path descriptor = home.descriptor(folder.resolve("kms.ks"), "tls*");
      for (String keyStore : List.of("NONE", descriptor.toString())) {
        Launched shaken = run(home, ca, keyStore);

        assertEquals(0, shaken.exitCode(), shaken.printed());
        assertEquals("CN=localhost TLSv1.3", shaken.value("server"));
        assertEquals("CN=localhost TLSv1.3", shaken.value("client"));
      }
    }
  }
}
