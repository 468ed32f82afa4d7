// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** keytool over the KeyStore of a KMS. */
class KeytoolTest {
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

  @ParameterizedTest
  @CsvSource({"KmsRSA, -keysize, 2048, RSA_2048", "KmsEC, -groupname, secp384r1, ECC_NIST_P384"})
  void genkeypairMakesAKeyOfTheKmsWithItsCertificate(
      String algorithm, String option, String size, CmkSpec spec) throws Exception {
    String alias = "generated-" + algorithm;
    tools.keytoolDone(
        "-genkeypair",
        "-alias",
        alias,
        "-keyalg",
        algorithm,
        option,
        size,
        "-dname",
        "CN=gen",
        "-providername",
        "Strongroom");

    KeyStore keyStore = home.keyStore();
    assertEquals(spec, home.privateKey(alias).metadata().spec());
    Certificate own = keyStore.getCertificate(alias);
    own.verify(own.getPublicKey());
    assertEquals(1, keyStore.getCertificateChain(alias).length);
  }

  @Test
  void genkeypairOfACommonNameDoesNotPutASoftwareKeyIn() throws Exception {
    for (String provider : List.of("-providername Strongroom", "-v")) {
      List<String> option = List.of(provider.split(" "));
      Launched refused =
          tools.keytool(
              "-genkeypair",
              "-alias",
              "common",
              "-keyalg",
              "RSA",
              "-dname",
              "CN=x",
              option.get(0),
              option.size() > 1 ? option.get(1) : "-v");

      assertNotEquals(0, refused.exitCode());
      assertTrue(refused.printed().contains("KmsRSA"), refused.printed());
      assertFalse(home.keyStore().containsAlias("common"));
    }
  }

  @ParameterizedTest
  @CsvSource({"RSA_2048", "ECC_NIST_P256", "ECC_NIST_EDWARDS25519"})
  void aRequestIsSignedAndTheRepliedChainImported(CmkSpec spec) throws Exception {
    String alias = "request-" + spec;
    // keytool requests what an entry has a certificate for already.
    home.certified(spec, alias, ca, "old.example.org");
    Path request = folder.resolve(alias + ".csr");
    tools.keytoolDone(
        "-certreq", "-alias", alias, "-dname", "CN=new.example.org", "-file", request.toString());
    JcaPKCS10CertificationRequest parsed =
        new JcaPKCS10CertificationRequest(
            Base64.getMimeDecoder()
                .decode(Files.readString(request).replaceAll("-----[A-Z ]+-----", "")));
    assertTrue(
        parsed.isSignatureValid(
            new JcaContentVerifierProviderBuilder().build(parsed.getPublicKey())));

    List<X509Certificate> reply = ca.issue(parsed.getPublicKey(), "CN=new.example.org");
    Path file = TestCa.pem(folder.resolve(alias + ".pem"), reply);
    tools.keytoolDone("-importcert", "-noprompt", "-alias", alias, "-file", file.toString());
    assertArrayEquals(
        reply.toArray(new Certificate[0]), home.keyStore().getCertificateChain(alias));
  }

  @Test
  void importcertTrustsACaAndDeleteNoMore() throws Exception {
    Path file = TestCa.pem(folder.resolve("ca.pem"), List.of(ca.root()));
    tools.keytoolDone("-importcert", "-noprompt", "-alias", "ca", "-file", file.toString());
    assertTrue(home.keyStore().isCertificateEntry("ca"));
    String listed = tools.keytoolDone("-list");
    assertTrue(listed.contains("trustedCertEntry"), listed);

    tools.keytoolDone("-delete", "-alias", "ca");
    assertFalse(home.keyStore().containsAlias("ca"));
  }

  @Test
  void listAndExportcertShowWhatIsThere() throws Exception {
    List<X509Certificate> chain =
        home.certified(CmkSpec.ECC_NIST_P256, "listed", ca, "listed.example.org");
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "secret");
    String listed = tools.keytoolDone("-list", "-v", "-providername", "Strongroom");

    assertTrue(listed.contains("Alias name: listed"), listed);
    assertTrue(listed.contains("Certificate chain length: 2"), listed);
    assertTrue(listed.contains("Entry type: SecretKeyEntry"), listed);
    Path file = folder.resolve("listed.der");
    tools.keytoolDone("-exportcert", "-alias", "listed", "-file", file.toString());
    assertArrayEquals(chain.get(0).getEncoded(), Files.readAllBytes(file));
  }

  @Test
  void deleteTakesTheNameAndLeavesTheKey() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "deleted", ca, "x");
    String id = home.privateKey("deleted").arn().keyId().text();
    tools.keytoolDone("-delete", "-alias", "deleted");
    assertFalse(home.keyStore().containsAlias("deleted"));
    assertNotNull(home.keyStore().getCertificate(id));

    Launched refused = tools.keytool("-delete", "-alias", id);
    assertNotEquals(0, refused.exitCode());
    assertTrue(refused.printed().contains("kms schedule-key-deletion"), refused.printed());
  }
}
