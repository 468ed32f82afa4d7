// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** jarsigner with keys of a KMS, in its default algorithms: those differ between JDK 17 and 25. */
class JarsignerTest {
  @TempDir private static Path folder;
  private static KmsHome home;
  private static TestCa ca;
  private static JdkTools tools;

  @BeforeAll
  static void open() throws Exception {
    home = KmsHome.in(folder.resolve("home"));
    ca = TestCa.ec();
    tools = new JdkTools(home, folder);
  }

  @AfterAll
  static void close() {
    home.close();
  }

  private static Path jar(String name) throws IOException {
    Path file = folder.resolve(name + ".jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("hello.txt"));
      jar.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static void certify(CmkSpec spec, String alias) throws Exception {
    home.create(spec, alias);
    home.put(alias, ca.issueForCode(home.privateKey(alias).publicKey(), "CN=" + alias));
  }

  /** Strictly: a signer who is not in the trust store, or not trusted, is an error. */
  private static Launched verify(Path jar, String signer) throws Exception {
    Path trust =
        ca.trustStore(
            folder.resolve("trust.p12"), (X509Certificate) home.keyStore().getCertificate(signer));
    return tools.plainJarsigner(
        "-verify",
        "-strict",
        "-keystore",
        trust.toString(),
        "-storepass",
        TestCa.TRUST_STORE_PASSWORD,
        jar.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_3072", "ECC_NIST_P256", "ECC_NIST_P384"})
  void aSignedJarVerifiesStrictlyWithoutUs(CmkSpec spec) throws Exception {
    String alias = "sign-" + spec.name().toLowerCase(Locale.ROOT);
    certify(spec, alias);
    Path jar = jar(alias);
    tools.sign(jar.toString(), alias);

    Launched verified = verify(jar, alias);
    assertEquals(0, verified.exitCode(), verified.printed());
    assertTrue(verified.printed().contains("jar verified"), verified.printed());
  }

  @Test
  void aTimeStampIsPutIn() throws Exception {
    certify(CmkSpec.ECC_NIST_P256, "stamped");
    Path jar = jar("stamped");
    try (TimestampServer time = new TimestampServer(ca)) {
      tools.sign("-tsa", time.url(), jar.toString(), "stamped");
      assertEquals(1, time.issued());
    }

    Launched verified = verify(jar, "stamped");
    assertEquals(0, verified.exitCode(), verified.printed());
    assertFalse(verified.printed().contains("do not include a timestamp"), verified.printed());
  }

  @Test
  void aChangedJarDoesNotVerify() throws Exception {
    certify(CmkSpec.ECC_NIST_P256, "changed");
    Path jar = jar("changed");
    tools.sign(jar.toString(), "changed");
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      Files.writeString(inside.getPath("hello.txt"), "other");
    }
    assertNotEquals(0, verify(jar, "changed").exitCode());
  }
}
