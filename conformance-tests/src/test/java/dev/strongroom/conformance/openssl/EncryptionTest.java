// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.openssl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.DataKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.operator.ContentSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionTest {
  private static final byte[] SECRET = "4111 1111 µ".getBytes(StandardCharsets.UTF_8);

  private final OpenSsl openssl;

  EncryptionTest(@TempDir Path folder) {
    this.openssl = new OpenSsl(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, SHA-1, SHA-1",
    "SOFTWARE, SHA-224, SHA-224",
    "SOFTWARE, SHA-256, SHA-256",
    "SOFTWARE, SHA-256, SHA-1",
    "SOFTWARE, SHA-384, SHA-384",
    "SOFTWARE, SHA-512, SHA-512",
    "SOFTWARE, SHA-512, SHA-1",
    "HSM, SHA-1, SHA-1",
    "HSM, SHA-256, SHA-256"
  })
  void rsaKeysOpenOaep(Cmks cmks, String hash, String mgfHash) throws Exception {
    openssl.write("public.pem", cmks.decrypting().publicKey());
    openssl.write("plain", SECRET);
    openssl.done(
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-inkey",
        "@public.pem",
        "-in",
        "@plain",
        "-out",
        "@cipher",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:" + name(hash),
        "-pkeyopt",
        "rsa_mgf1_md:" + name(mgfHash));

    Cipher cipher =
        Cipher.getInstance("RSA/ECB/OAEPWith" + hash + "AndMGF1Padding", cmks.provider());
    cipher.init(
        Cipher.DECRYPT_MODE,
        cmks.decrypting(),
        new OAEPParameterSpec(
            hash, "MGF1", new MGF1ParameterSpec(mgfHash), PSource.PSpecified.DEFAULT));
    assertArrayEquals(SECRET, cipher.doFinal(openssl.read("cipher")));
  }

  /** What a mail program with OpenSSL sends. */
  @ParameterizedTest
  @CsvSource({"SOFTWARE, SHA-256", "SOFTWARE, SHA-512", "HSM, SHA-256"})
  void rsaKeysOpenCmsMessages(Cmks cmks, String hash) throws Exception {
    ContentSigner signer = Certificates.signer("SHA256withRSA", cmks.rsa(), cmks.provider());
    X509Certificate authority = Certificates.authority(cmks.rsa(), signer);
    openssl.write(
        "recipient.pem", Certificates.issued(cmks.decrypting().publicKey(), authority, signer));
    openssl.write("plain", SECRET);
    openssl.done(
        "cms",
        "-encrypt",
        "-binary",
        "-aes256",
        "-outform",
        "DER",
        "-in",
        "@plain",
        "-out",
        "@message",
        "-recip",
        "@recipient.pem",
        "-keyopt",
        "rsa_padding_mode:oaep",
        "-keyopt",
        "rsa_oaep_md:" + name(hash));

    Cmks.install();
    try {
      assertArrayEquals(
          SECRET,
          new CMSEnvelopedData(openssl.read("message"))
              .getRecipientInfos()
              .iterator()
              .next()
              .getContent(new JceKeyTransEnvelopedRecipient(cmks.decrypting())));
    } finally {
      Cmks.uninstall();
    }
  }

  /** A KMS key for MACs tells nobody its bytes; a data key does. */
  @Test
  void macsUnderDataKeysAreTheSame() throws Exception {
    openssl.write("plain", SECRET);
    DataKey key = Cmks.SOFTWARE.dataKey();
    String theirs =
        openssl.done(
            "mac",
            "-digest",
            "SHA256",
            "-macopt",
            "hexkey:" + HexFormat.of().formatHex(key.getEncoded()),
            "-in",
            "@plain",
            "HMAC");
    Mac mac = Mac.getInstance("HmacSHA256", Cmks.SOFTWARE.provider());
    mac.init(key);
    assertEquals(HexFormat.of().withUpperCase().formatHex(mac.doFinal(SECRET)), theirs.strip());
    key.destroy();
  }

  private static String name(String hash) {
    return hash.replace("-", "").toLowerCase(Locale.ROOT);
  }
}
