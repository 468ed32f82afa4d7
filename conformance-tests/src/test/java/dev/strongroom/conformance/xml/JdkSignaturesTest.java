// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.RSAPSSParameterSpec;
import javax.xml.crypto.dsig.spec.SignatureMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;

class JdkSignaturesTest {
  private static final String MORE_2001 = "http://www.w3.org/2001/04/xmldsig-more#";
  private static final String MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#";
  private static final XMLSignatureFactory FACTORY = XMLSignatureFactory.getInstance("DOM");

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, rsa-sha256, RSA_2048",
    "SOFTWARE, rsa-sha384, RSA_2048",
    "SOFTWARE, rsa-sha512, RSA_2048",
    "SOFTWARE, ecdsa-sha256, ECC_NIST_P256",
    "SOFTWARE, ecdsa-sha384, ECC_NIST_P384",
    "SOFTWARE, ecdsa-sha512, ECC_NIST_P521",
    "HSM, rsa-sha256, RSA_2048",
    "HSM, ecdsa-sha256, ECC_NIST_P256"
  })
  void keysSignDocuments(Cmks cmks, String method, CmkSpec spec) throws Exception {
    signsAndValidates(cmks, MORE_2001 + method, spec, null);
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, sha256-rsa-MGF1",
    "SOFTWARE, sha384-rsa-MGF1",
    "SOFTWARE, sha512-rsa-MGF1",
    "HSM, sha256-rsa-MGF1"
  })
  void rsaKeysSignWithPss(Cmks cmks, String method) throws Exception {
    KmsPrivateKey key = cmks.rsa();
    validates(signed(key, MORE_2007 + method, null, cmks.provider()), key.publicKey());
    Cmks.installFirst();
    validates(signed(key, MORE_2007 + method, null, null), key.publicKey());
  }

  /** For these the JDK sets the parameters before the key, and so takes the first provider. */
  @Test
  void pssOfFixedParametersNeedsOurProviderByNameOrInFirstPlace() {
    Cmks.install();
    assertThrows(
        XMLSignatureException.class,
        () -> signed(Cmks.SOFTWARE.rsa(), MORE_2007 + "sha256-rsa-MGF1", null, null));
  }

  /** The JDK sets these parameters after the key. */
  @ParameterizedTest
  @EnumSource
  void rsaKeysSignWithPssParameters(Cmks cmks) throws Exception {
    PSSParameterSpec parameters =
        new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1);
    signsAndValidates(
        cmks, MORE_2007 + "rsa-pss", CmkSpec.RSA_2048, new RSAPSSParameterSpec(parameters));
  }

  private static void signsAndValidates(
      Cmks cmks, String method, CmkSpec spec, @Nullable SignatureMethodParameterSpec parameters)
      throws Exception {
    KmsPrivateKey key = cmks.signing(spec);
    validates(signed(key, method, parameters, cmks.provider()), key.publicKey());
    Cmks.install();
    validates(signed(key, method, parameters, null), key.publicKey());
    Cmks.uninstall();
    Cmks.installFirst();
    validates(signed(key, method, parameters, null), key.publicKey());
  }

  /** One in 128 has an r or s that begins with a zero byte, which must not be left out. */
  @ParameterizedTest
  @CsvSource({"ecdsa-sha256, ECC_NIST_P256, 64", "ecdsa-sha384, ECC_NIST_P384, 96"})
  void ecdsaSignaturesAllHaveTheSameLength(String method, CmkSpec spec, int bytes)
      throws Exception {
    Cmks.install();
    KmsPrivateKey key = Cmks.SOFTWARE.signing(spec);
    int zeros = 0;
    for (int i = 0; i < 500; i++) {
      Document document = signed(key, MORE_2001 + method, null, null);
      byte[] value = value(document);
      assertEquals(bytes, value.length);
      if (value[0] == 0 || value[bytes / 2] == 0) {
        zeros++;
        validates(document, key.publicKey());
      }
    }
    assertTrue(zeros < 50, zeros + " of 500");
  }

  private static byte[] value(Document document) {
    return Base64.getMimeDecoder()
        .decode(Xml.only(document, Xml.SIGNATURES, "SignatureValue").getTextContent());
  }

  private static Document signed(
      KmsPrivateKey key,
      String method,
      @Nullable SignatureMethodParameterSpec parameters,
      @Nullable Provider provider)
      throws Exception {
    Reference whole =
        FACTORY.newReference(
            "",
            FACTORY.newDigestMethod(DigestMethod.SHA256, null),
            List.of(FACTORY.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null)),
            null,
            null);
    SignedInfo info =
        FACTORY.newSignedInfo(
            FACTORY.newCanonicalizationMethod(
                CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
            FACTORY.newSignatureMethod(method, parameters),
            List.of(whole));
    Document document = Xml.order();
    DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
    if (provider != null) {
      context.setProperty("org.jcp.xml.dsig.internal.dom.SignatureProvider", provider);
    }
    FACTORY.newXMLSignature(info, null).sign(context);
    return document;
  }

  private static void validates(Document document, PublicKey publicKey) throws Exception {
    Document received = Xml.received(document);
    assertTrue(isValid(received, publicKey));
    Xml.only(received, "*", "card").setTextContent("0000");
    assertFalse(isValid(received, publicKey));
  }

  private static boolean isValid(Document document, PublicKey publicKey) throws Exception {
    DOMValidateContext context =
        new DOMValidateContext(publicKey, Xml.only(document, Xml.SIGNATURES, "Signature"));
    return FACTORY.unmarshalXMLSignature(context).validate(context);
  }
}
