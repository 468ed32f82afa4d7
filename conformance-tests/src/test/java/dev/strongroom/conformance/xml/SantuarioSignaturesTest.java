// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.xml;

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
import org.apache.xml.security.Init;
import org.apache.xml.security.algorithms.JCEMapper;
import org.apache.xml.security.algorithms.MessageDigestAlgorithm;
import org.apache.xml.security.exceptions.XMLSecurityException;
import org.apache.xml.security.signature.XMLSignature;
import org.apache.xml.security.transforms.Transforms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class SantuarioSignaturesTest {
  private static final String EXCLUSIVE = Transforms.TRANSFORM_C14N_EXCL_OMIT_COMMENTS;

  @BeforeAll
  static void start() {
    Init.init();
  }

  @AfterEach
  void uninstall() {
    JCEMapper.setProviderId(null);
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, http://www.w3.org/2001/04/xmldsig-more#rsa-sha256, RSA_2048",
    "SOFTWARE, http://www.w3.org/2001/04/xmldsig-more#rsa-sha512, RSA_2048",
    "SOFTWARE, http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1, RSA_2048",
    "SOFTWARE, http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1, RSA_2048",
    "SOFTWARE, http://www.w3.org/2007/05/xmldsig-more#rsa-pss, RSA_2048",
    "SOFTWARE, http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256, ECC_NIST_P256",
    "SOFTWARE, http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384, ECC_NIST_P384",
    "SOFTWARE, http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519, ECC_NIST_EDWARDS25519",
    "HSM, http://www.w3.org/2001/04/xmldsig-more#rsa-sha256, RSA_2048",
    "HSM, http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1, RSA_2048",
    "HSM, http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256, ECC_NIST_P256"
  })
  void keysSignDocuments(Cmks cmks, String method, CmkSpec spec) throws Exception {
    KmsPrivateKey key = cmks.signing(spec);
    validates(signed(key, method, cmks.provider()), key.publicKey());

    Cmks.installFirst();
    validates(signed(key, method, null), key.publicKey());
    Cmks.uninstall();

    Cmks.install();
    JCEMapper.setProviderId(Cmks.SOFTWARE.provider().getName());
    Document document = signed(key, method, null);
    JCEMapper.setProviderId(null);
    validates(document, key.publicKey());
  }

  /** It sets the parameters before the key: JCA then takes the first provider there is. */
  @Test
  void pssNeedsOurProviderByNameOrInFirstPlace() {
    Cmks.install();
    assertThrows(
        XMLSecurityException.class,
        () -> signed(Cmks.SOFTWARE.rsa(), XMLSignature.ALGO_ID_SIGNATURE_RSA_PSS, null));
  }

  private static Document signed(KmsPrivateKey key, String method, @Nullable Provider provider)
      throws Exception {
    Document document = Xml.order();
    PSSParameterSpec parameters =
        method.equals(XMLSignature.ALGO_ID_SIGNATURE_RSA_PSS)
            ? new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1)
            : null;
    XMLSignature signature =
        new XMLSignature(document, "", method, 0, EXCLUSIVE, provider, parameters);
    document.getDocumentElement().appendChild(signature.getElement());
    Transforms transforms = new Transforms(document);
    transforms.addTransform(Transforms.TRANSFORM_ENVELOPED_SIGNATURE);
    transforms.addTransform(EXCLUSIVE);
    signature.addDocument("", transforms, MessageDigestAlgorithm.ALGO_ID_DIGEST_SHA256);
    signature.sign(key);
    return document;
  }

  private static void validates(Document document, PublicKey publicKey) throws Exception {
    Document received = Xml.received(document);
    assertTrue(isValid(received, publicKey));
    Xml.only(received, "*", "card").setTextContent("0000");
    assertFalse(isValid(received, publicKey));
  }

  private static boolean isValid(Document document, PublicKey publicKey) throws Exception {
    return new XMLSignature(Xml.only(document, Xml.SIGNATURES, "Signature"), "")
        .checkSignatureValue(publicKey);
  }
}
