// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Certificates;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignerDigestMismatchException;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CMS SignedData (RFC 5652 §5), detached: the message is not in it. */
class SignedMessagesTest {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final byte[] MESSAGE = "Größe µ".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @EnumSource
  void detachedSignaturesVerify(SigningKey signing) throws Exception {
    X509Certificate certificate = Certificates.authority(signing.key(), signing.signer());
    byte[] encoded = detached(signing, certificate);

    CMSSignedData signature = new CMSSignedData(new CMSProcessableByteArray(MESSAGE), encoded);
    assertTrue(verifies(signature, certificate));
    assertNull(new CMSSignedData(encoded).getSignedContent());

    byte[] changed = MESSAGE.clone();
    changed[4000]++;
    CMSSignedData other = new CMSSignedData(new CMSProcessableByteArray(changed), encoded);
    assertThrows(CMSSignerDigestMismatchException.class, () -> verifies(other, certificate));
  }

  private static byte[] detached(SigningKey signing, X509Certificate certificate) throws Exception {
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(signing.signer(), certificate));
    generator.addCertificates(new JcaCertStore(List.of(certificate)));
    return generator.generate(new CMSProcessableByteArray(MESSAGE), false).getEncoded();
  }

  private static boolean verifies(CMSSignedData signature, X509Certificate certificate)
      throws Exception {
    assertEquals(1, signature.getSignerInfos().size());
    assertFalse(signature.getCertificates().getMatches(null).isEmpty());
    SignerInformation signer = signature.getSignerInfos().iterator().next();
    return signer.verify(
        new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(certificate));
  }
}
