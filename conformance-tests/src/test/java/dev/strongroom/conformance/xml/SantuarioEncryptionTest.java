// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Cmks;
import java.security.PrivateKey;
import java.security.PublicKey;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.apache.xml.security.Init;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.encryption.XMLEncryptionException;
import org.apache.xml.security.keys.KeyInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class SantuarioEncryptionTest {
  private static final String SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1";
  private static final String SHA256 = XMLCipher.SHA256;

  @BeforeAll
  static void start() {
    Init.init();
  }

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p, sha1, ",
    "SOFTWARE, http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p, sha256, ",
    "SOFTWARE, http://www.w3.org/2009/xmlenc11#rsa-oaep, sha256, mgf1sha256",
    "SOFTWARE, http://www.w3.org/2009/xmlenc11#rsa-oaep, sha512, mgf1sha512",
    "SOFTWARE, http://www.w3.org/2009/xmlenc11#rsa-oaep, sha256, mgf1sha1",
    "HSM, http://www.w3.org/2009/xmlenc11#rsa-oaep, sha256, mgf1sha256"
  })
  void rsaKeysOpenEncryptedElements(
      Cmks cmks, String transport, String digest, @Nullable String mgf) throws Exception {
    Document document = encrypted(cmks.decrypting().publicKey(), transport, digest, mgf);
    assertNull(Xml.only(document, "*", "card"));

    Cmks.install();
    assertEquals(
        "4111 1111 1111 1111",
        Xml.only(opened(document, cmks.decrypting()), "*", "card").getTextContent());
    Cmks.uninstall();
    Cmks.installFirst();
    assertEquals(
        "4111 1111 1111 1111",
        Xml.only(opened(document, cmks.decrypting()), "*", "card").getTextContent());
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE", "HSM"})
  void rsaKeysThatMayOpenElementsWithPkcs1(Cmks cmks) throws Exception {
    Document document = encrypted(cmks.legacy().publicKey(), XMLCipher.RSA_v1dot5, null, null);
    Cmks.install();
    assertEquals(
        "4111 1111 1111 1111",
        Xml.only(opened(document, cmks.legacy()), "*", "card").getTextContent());
    Document forOther = encrypted(cmks.decrypting().publicKey(), XMLCipher.RSA_v1dot5, null, null);
    assertThrows(XMLEncryptionException.class, () -> opened(forOther, cmks.decrypting()));
  }

  @Test
  void elementsForOthersAreRefused() throws Exception {
    Cmks.install();
    Document document =
        encrypted(Cmks.SOFTWARE.rsa().publicKey(), XMLCipher.RSA_OAEP_11, "sha256", "mgf1sha256");
    assertThrows(XMLEncryptionException.class, () -> opened(document, Cmks.SOFTWARE.decrypting()));
  }

  private static Document encrypted(
      PublicKey publicKey, String transport, @Nullable String digest, @Nullable String mgf)
      throws Exception {
    Document document = Xml.order();
    KeyGenerator generator = KeyGenerator.getInstance("AES");
    generator.init(256);
    SecretKey content = generator.generateKey();

    XMLCipher keyCipher =
        digest == null
            ? XMLCipher.getInstance(transport)
            : XMLCipher.getInstance(transport, null, digestUri(digest));
    keyCipher.init(XMLCipher.WRAP_MODE, publicKey);
    EncryptedKey key =
        keyCipher.encryptKey(
            document, content, mgf == null ? null : "http://www.w3.org/2009/xmlenc11#" + mgf, null);

    XMLCipher cipher = XMLCipher.getInstance(XMLCipher.AES_256_GCM);
    cipher.init(XMLCipher.ENCRYPT_MODE, content);
    KeyInfo info = new KeyInfo(document);
    info.add(key);
    cipher.getEncryptedData().setKeyInfo(info);
    return Xml.received(cipher.doFinal(document, Xml.only(document, "*", "card")));
  }

  private static String digestUri(String digest) {
    return switch (digest) {
      case "sha1" -> SHA1;
      case "sha256" -> SHA256;
      default -> XMLCipher.SHA512;
    };
  }

  private static Document opened(Document document, PrivateKey key) throws Exception {
    Document copy = Xml.received(document);
    XMLCipher cipher = XMLCipher.getInstance();
    cipher.init(XMLCipher.DECRYPT_MODE, null);
    cipher.setKEK(key);
    return cipher.doFinal(copy, Xml.only(copy, Xml.ENCRYPTION, "EncryptedData"));
  }
}
