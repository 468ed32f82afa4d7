// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.openssl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {
  private static final String KEYS =
      """
      SOFTWARE, RSA_2048, SHA256withRSA, sha256WithRSAEncryption
      SOFTWARE, RSA_2048, SHA384withRSAandMGF1, rsassaPss
      SOFTWARE, ECC_NIST_P256, SHA256withECDSA, ecdsa-with-SHA256
      SOFTWARE, ECC_NIST_P384, SHA384withECDSA, ecdsa-with-SHA384
      SOFTWARE, ECC_NIST_P521, SHA512withECDSA, ecdsa-with-SHA512
      SOFTWARE, ECC_SECG_P256K1, SHA256withECDSA, ecdsa-with-SHA256
      HSM, RSA_2048, SHA256withRSA, sha256WithRSAEncryption
      HSM, RSA_2048, SHA256withRSAandMGF1, rsassaPss
      HSM, ECC_NIST_P256, SHA256withECDSA, ecdsa-with-SHA256
      """;

  /** Which OpenSSL 3.0 does not verify in CMS. */
  private static final String ED25519 = "SOFTWARE, ECC_NIST_EDWARDS25519, Ed25519, ED25519\n";

  private final OpenSsl openssl;

  CertificatesTest(@TempDir Path folder) {
    this.openssl = new OpenSsl(folder);
  }

  @ParameterizedTest
  @CsvSource(textBlock = KEYS + ED25519)
  void certificatesOfOurAuthoritiesVerify(Cmks cmks, CmkSpec spec, String algorithm, String name)
      throws Exception {
    KmsPrivateKey key = cmks.signing(spec);
    ContentSigner signer = Certificates.signer(algorithm, key, cmks.provider());
    X509Certificate authority = Certificates.authority(key, signer);
    openssl.write("ca.pem", authority);
    openssl.write(
        "leaf.pem", Certificates.issued(Cmks.SOFTWARE.rsa().publicKey(), authority, signer));

    assertTrue(openssl.done("verify", "-CAfile", "@ca.pem", "@leaf.pem").contains("leaf.pem: OK"));
    assertTrue(
        openssl
            .done("x509", "-in", "@leaf.pem", "-noout", "-text")
            .contains("Signature Algorithm: " + name));

    // A CA of the same name with another key.
    X509Certificate impostor =
        Certificates.issued(
            Cmks.SOFTWARE.rsa().publicKey(),
            authority,
            Certificates.signer(
                "SHA256withRSA", Cmks.SOFTWARE.signing(CmkSpec.RSA_3072), cmks.provider()));
    openssl.write("impostor.pem", impostor);
    openssl.refused("verify", "-CAfile", "@ca.pem", "@impostor.pem");
  }

  @ParameterizedTest
  @CsvSource(textBlock = KEYS + ED25519)
  void certificateRequestsVerify(Cmks cmks, CmkSpec spec, String algorithm, String name)
      throws Exception {
    KmsPrivateKey key = cmks.signing(spec);
    byte[] request =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=localhost"), key.publicKey())
            .build(Certificates.signer(algorithm, key, cmks.provider()))
            .getEncoded();
    openssl.write("request.pem", OpenSsl.pem("CERTIFICATE REQUEST", request));
    String text = openssl.done("req", "-in", "@request.pem", "-verify", "-noout", "-text");
    assertTrue(text.contains("verify OK"), text);
    assertTrue(text.contains(name), text);
  }

  @ParameterizedTest
  @CsvSource(textBlock = KEYS)
  void detachedCmsSignaturesVerify(Cmks cmks, CmkSpec spec, String algorithm, String name)
      throws Exception {
    byte[] message = "Größe µ".repeat(1000).getBytes(StandardCharsets.UTF_8);
    KmsPrivateKey key = cmks.signing(spec);
    ContentSigner signer = Certificates.signer(algorithm, key, cmks.provider());
    X509Certificate authority = Certificates.authority(key, signer);
    X509Certificate certificate = Certificates.issued(key.publicKey(), authority, signer);
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(signer, certificate));
    generator.addCertificates(new JcaCertStore(List.of(certificate)));
    openssl.write(
        "signature.p7s",
        generator.generate(new CMSProcessableByteArray(message), false).getEncoded());
    openssl.write("ca.pem", authority);
    openssl.write("message", message);

    String[] verify = {
      "cms",
      "-verify",
      "-binary",
      "-inform",
      "DER",
      "-in",
      "@signature.p7s",
      "-content",
      "@message",
      "-CAfile",
      "@ca.pem",
      "-out",
      "@out"
    };
    String printed = openssl.done(verify);
    assertTrue(printed.contains("CMS Verification successful"), printed);
    message[1]++;
    openssl.write("message", message);
    openssl.refused(verify);
  }
}
