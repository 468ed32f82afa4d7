// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NimbusEncryptionTest {
  private static final String TEXT = "{\"card\":\"4111 1111 1111 1111\"}";

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RSA-OAEP-256, A256GCM",
    "SOFTWARE, RSA-OAEP-256, A256CBC-HS512",
    "SOFTWARE, RSA-OAEP-384, A128GCM",
    "SOFTWARE, RSA-OAEP-512, A256GCM",
    "HSM, RSA-OAEP-256, A256GCM"
  })
  void rsaKeysOpenWhatNimbusEncrypted(Cmks cmks, String algorithm, String method) throws Exception {
    String token =
        encrypted(
            algorithm, method, new RSAEncrypter((RSAPublicKey) cmks.decrypting().publicKey()));

    RSADecrypter pinned = new RSADecrypter(cmks.decrypting());
    pinned.getJCAContext().setKeyEncryptionProvider(cmks.provider());
    assertEquals(TEXT, decrypted(token, pinned));
    if (method.endsWith("GCM")) { // we pass content keys on; AES/CBC we do not have
      RSADecrypter pinnedForAll = new RSADecrypter(cmks.decrypting());
      pinnedForAll.getJCAContext().setProvider(cmks.provider());
      assertEquals(TEXT, decrypted(token, pinnedForAll));
    }

    Cmks.install();
    assertEquals(TEXT, decrypted(token, new RSADecrypter(cmks.decrypting())));
    Cmks.uninstall();
    Cmks.installFirst();
    assertEquals(TEXT, decrypted(token, new RSADecrypter(cmks.decrypting())));
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, ECC_NIST_P256, P-256, ECDH-ES",
    "SOFTWARE, ECC_NIST_P384, P-384, ECDH-ES+A256KW",
    "HSM, ECC_NIST_P256, P-256, ECDH-ES+A256KW"
  })
  void curveKeysOpenWhatNimbusEncrypted(Cmks cmks, CmkSpec spec, String curve, String algorithm)
      throws Exception {
    KmsEcPrivateKey key = cmks.agreeing(spec);
    String token =
        encrypted(algorithm, "A256GCM", new ECDHEncrypter((ECPublicKey) key.publicKey()));

    ECDHDecrypter pinned = new ECDHDecrypter(key, null, Curve.parse(curve));
    pinned.getJCAContext().setKeyEncryptionProvider(cmks.provider());
    if (algorithm.equals("ECDH-ES")) { // the other wraps with the same provider, and we pass it on
      assertEquals(TEXT, decrypted(token, pinned));
    }
    Cmks.install();
    assertEquals(TEXT, decrypted(token, new ECDHDecrypter(key, null, Curve.parse(curve))));
    Cmks.uninstall();
    Cmks.installFirst();
    assertEquals(TEXT, decrypted(token, new ECDHDecrypter(key, null, Curve.parse(curve))));
  }

  @ParameterizedTest
  @CsvSource({"A256KW, A256GCM", "A256KW, A128CBC-HS256", "A256GCMKW, A256GCM"})
  void dataKeysWrapContentKeys(String algorithm, String method) throws Exception {
    Cmks.install();
    try (DataKeyUse use = DataKeyUse.of(Cmks.SOFTWARE.dataKey())) {
      String ours = encrypted(algorithm, method, new AESEncrypter(use.key()));
      assertEquals(TEXT, decrypted(ours, new AESDecrypter(use.copy())));
      String theirs = encrypted(algorithm, method, new AESEncrypter(use.copy()));
      assertEquals(TEXT, decrypted(theirs, new AESDecrypter(use.key())));
    }
  }

  @ParameterizedTest
  @CsvSource("A256GCM")
  void dataKeysEncryptDirectly(String method) throws Exception {
    Cmks.install();
    try (DataKeyUse use = DataKeyUse.of(Cmks.SOFTWARE.dataKey())) {
      String ours = encrypted("dir", method, new DirectEncrypter(use.key()));
      assertEquals(TEXT, decrypted(ours, new DirectDecrypter(use.copy())));
    }
  }

  /** A data key, and a plain key of the same bytes, which knows nothing of us. */
  private record DataKeyUse(DataKey key, SecretKeySpec copy) implements AutoCloseable {
    static DataKeyUse of(DataKey key) {
      return new DataKeyUse(key, new SecretKeySpec(key.getEncoded(), "AES"));
    }

    @Override
    public void close() {
      key.destroy();
    }
  }

  private static String encrypted(String algorithm, String method, JWEEncrypter encrypter)
      throws Exception {
    JWEHeader header = new JWEHeader(JWEAlgorithm.parse(algorithm), EncryptionMethod.parse(method));
    JWEObject object = new JWEObject(header, new Payload(TEXT));
    object.encrypt(encrypter);
    return object.serialize();
  }

  private static String decrypted(String token, JWEDecrypter decrypter) throws Exception {
    JWEObject object = JWEObject.parse(token);
    object.decrypt(decrypter);
    return object.getPayload().toString();
  }
}
