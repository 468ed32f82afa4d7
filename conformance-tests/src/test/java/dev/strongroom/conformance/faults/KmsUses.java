// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.jca.DataKeySpec;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import org.junit.jupiter.api.function.Executable;

/** What a program does with keys of a KMS, through the registered providers, naming none. */
final class KmsUses {
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final String OAEP = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";

  private final KeyStore keyStore;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final byte[] oaep;

  /** Makes the keys: one of each kind, and {@code fresh}, which nobody uses before an outage. */
  static void make(KmsHome home) {
    home.create(CmkSpec.ECC_NIST_P256, "ec");
    home.create(CmkSpec.HMAC_256, "hmac");
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "fresh");
    home.create(
        CreateKeyRequest.of(CmkSpec.RSA_2048)
            .withUsage(KeyUsage.ENCRYPT_DECRYPT)
            .withAlias(new Alias("alias/rsa")));
  }

  /** Loads the KeyStore of that KMS and gets its keys. */
  KmsUses(KmsHome home) throws GeneralSecurityException, IOException {
    keyStore = home.keyStore();
    for (String alias : new String[] {"ec", "hmac", "app", "fresh", "rsa"}) {
      keys.put(alias, keyStore.getKey(alias, null));
    }
    Cipher cipher = Cipher.getInstance(OAEP);
    cipher.init(Cipher.ENCRYPT_MODE, ((KmsPrivateKey) key("rsa")).publicKey());
    oaep = cipher.doFinal(MESSAGE);
  }

  private Key key(String alias) {
    return Objects.requireNonNull(keys.get(alias));
  }

  void sign() throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign((KmsPrivateKey) key("ec"));
    signature.update(MESSAGE);
    assertTrue(signature.sign().length > 60);
  }

  void decryptOaep() throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(OAEP);
    cipher.init(Cipher.DECRYPT_MODE, key("rsa"));
    assertEquals(MESSAGE.length, cipher.doFinal(oaep).length);
  }

  void mac() throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key("hmac"));
    assertEquals(32, mac.doFinal(MESSAGE).length);
  }

  void encrypt(String alias) throws GeneralSecurityException {
    for (String kind : new String[] {"Kms", "KmsEnvelope"}) {
      Cipher cipher = Cipher.getInstance(kind);
      cipher.init(Cipher.ENCRYPT_MODE, key(alias));
      assertTrue(cipher.doFinal(MESSAGE).length > MESSAGE.length);
    }
  }

  void makeDataKey(String alias) throws GeneralSecurityException {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey");
    generator.init(DataKeySpec.aes256("alias/" + alias, Map.of("tenant", "a")));
    assertEquals(32, generator.generateKey().getEncoded().length);
  }

  void makeCmk() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("KmsEC");
    generator.initialize(256);
    generator.generateKeyPair();
  }

  void random() throws GeneralSecurityException {
    SecureRandom.getInstance("KmsRandom").nextBytes(new byte[16]);
  }

  void load() throws GeneralSecurityException, IOException {
    KeyStore.getInstance("KMS", keyStore.getProvider()).load(null, null);
  }

  void getKey() throws GeneralSecurityException {
    keyStore.getKey("ec", null);
  }

  KeyStore keyStore() {
    return keyStore;
  }

  /** Fails unless the use fails for that reason, and the exception on top says so. */
  static void assertFails(Class<? extends KmsException> reason, String said, Executable use) {
    Exception failure = assertThrows(Exception.class, use);
    Throwable cause = failure;
    while (cause != null && !reason.isInstance(cause)) {
      cause = cause.getCause();
    }
    assertTrue(cause != null, () -> "not for that reason: " + failure);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(said), message);
  }
}
