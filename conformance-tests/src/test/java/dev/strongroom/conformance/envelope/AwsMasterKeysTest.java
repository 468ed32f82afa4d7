// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CryptoResult;
import com.amazonaws.encryptionsdk.exception.AwsCryptoException;
import com.amazonaws.encryptionsdk.jce.JceMasterKey;
import com.amazonaws.encryptionsdk.jce.KeyStoreProvider;
import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.bouncycastle.operator.ContentSigner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The AWS Encryption SDK with master keys whose private half is a KMS key. */
class AwsMasterKeysTest {
  private static final byte[] MESSAGE = "Größe µ".repeat(1000).getBytes(StandardCharsets.UTF_8);
  private static final String OAEP_SHA_256 = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";

  private final AwsCrypto crypto = AwsSdk.crypto(true, 4096);

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, SHA-1",
    "SOFTWARE, SHA-256",
    "SOFTWARE, SHA-384",
    "SOFTWARE, SHA-512",
    "HSM, SHA-256"
  })
  void rsaKeysAreJceMasterKeys(Cmks cmks, String hash) {
    String oaep = "RSA/ECB/OAEPWith" + hash + "AndMGF1Padding";
    JceMasterKey master = master(cmks.decrypting().publicKey(), cmks.decrypting(), oaep);
    byte[] message = crypto.encryptData(master, MESSAGE, Map.of("tenant", "a")).getResult();

    Cmks.install();
    opens(master, message);
    Cmks.uninstall();
    Cmks.installFirst();
    opens(master, message);
  }

  private void opens(JceMasterKey master, byte[] message) {
    CryptoResult<byte[], JceMasterKey> opened = crypto.decryptData(master, message);
    assertArrayEquals(MESSAGE, opened.getResult());
    assertEquals("a", opened.getEncryptionContext().get("tenant"));
  }

  @ParameterizedTest
  @EnumSource
  void theSdkFindsKeysAndCertificatesInOurKeyStore(Cmks cmks) throws Exception {
    Cmks.install();
    ContentSigner signer = Certificates.signer("SHA256withRSA", cmks.rsa(), cmks.provider());
    X509Certificate authority = Certificates.authority(cmks.rsa(), signer);
    PrivateKey key = cmks.decrypting();
    X509Certificate certificate =
        Certificates.issued(cmks.decrypting().publicKey(), authority, signer);
    KeyStore keyStore = cmks.keyStore();
    String alias = Cmks.alias(CmkSpec.RSA_2048, "decrypt");
    keyStore.setKeyEntry(alias, key, null, new X509Certificate[] {certificate, authority});

    KeyStoreProvider provider =
        new KeyStoreProvider(
            keyStore,
            new KeyStore.PasswordProtection(null),
            "strongroom-test",
            OAEP_SHA_256,
            alias);
    byte[] message = crypto.encryptData(provider, MESSAGE).getResult();
    CryptoResult<byte[], JceMasterKey> opened = crypto.decryptData(provider, message);
    assertArrayEquals(MESSAGE, opened.getResult());
    assertEquals(List.of(alias), opened.getMasterKeyIds());
  }

  @Test
  void messagesForAnotherKeyAreRefused() {
    Cmks.install();
    PublicKey another = Cmks.SOFTWARE.rsa().publicKey();
    PrivateKey key = Cmks.SOFTWARE.decrypting();
    byte[] message = crypto.encryptData(master(another, key, OAEP_SHA_256), MESSAGE).getResult();
    assertThrows(
        AwsCryptoException.class,
        () -> crypto.decryptData(master(another, key, OAEP_SHA_256), message));
  }

  private static JceMasterKey master(PublicKey publicKey, PrivateKey privateKey, String oaep) {
    return JceMasterKey.getInstance(publicKey, privateKey, "strongroom-test", "app", oaep);
  }
}
