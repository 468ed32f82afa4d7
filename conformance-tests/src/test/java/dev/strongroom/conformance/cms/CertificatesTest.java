// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CertificatesTest {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  @ParameterizedTest
  @EnumSource
  void keysSignCertificateRequests(SigningKey signing) throws Exception {
    PublicKey publicKey = signing.key().publicKey();
    PKCS10CertificationRequest request =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=localhost"), publicKey)
            .build(signing.signer());
    assertTrue(request.isSignatureValid(verifier(publicKey)));
  }

  private static ContentVerifierProvider verifier(PublicKey publicKey) throws Exception {
    return new JcaContentVerifierProviderBuilder().setProvider(BC).build(publicKey);
  }

  @ParameterizedTest
  @EnumSource
  void keysSignTheirOwnCertificateAndThoseOfOthers(SigningKey signing) throws Exception {
    ContentSigner signer = signing.signer();
    X509Certificate authority = Certificates.authority(signing.key(), signer);
    authority.verify(authority.getPublicKey(), BC);

    PublicKey subject = Cmks.SOFTWARE.rsa().publicKey();
    X509Certificate issued = Certificates.issued(subject, authority, signer);
    issued.verify(authority.getPublicKey(), BC);
    assertEquals(subject, issued.getPublicKey());

    // In the name of the authority, with another key.
    SigningKey other = signing == SigningKey.P256 ? SigningKey.P384 : SigningKey.P256;
    X509Certificate impostor = Certificates.issued(subject, authority, other.signer());
    assertThrows(
        GeneralSecurityException.class, () -> impostor.verify(authority.getPublicKey(), BC));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SECP256K1") // which the JDK lacks
  void theJdkVerifiesThem(SigningKey signing) throws Exception {
    X509Certificate authority = Certificates.authority(signing.key(), signing.signer());
    authority.verify(authority.getPublicKey());
    PublicKey another = Cmks.SOFTWARE.decrypting().publicKey();
    if (signing.key().getAlgorithm().equals("RSA")) {
      assertThrows(SignatureException.class, () -> authority.verify(another));
    }
  }

  /** Bouncy Castle then asks JCA, which finds us by the key. */
  @ParameterizedTest
  @EnumSource
  void aSignerNeedsNoProviderWhenOursIsInstalled(SigningKey signing) throws Exception {
    Cmks.install();
    try {
      ContentSigner signer = new JcaContentSignerBuilder(signing.algorithm()).build(signing.key());
      Certificates.authority(signing.key(), signer).verify(signing.key().publicKey(), BC);
    } finally {
      Cmks.uninstall();
    }
  }

  @Test
  void pssCertificatesNameTheirHashAndSalt() throws Exception {
    ASN1Encodable parameters =
        SigningKey.RSA_PSS_SHA512.signer().getAlgorithmIdentifier().getParameters();
    assertEquals(64, RSASSAPSSparams.getInstance(parameters).getSaltLength().intValueExact());
  }
}
