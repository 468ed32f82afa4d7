// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.jca.DataKeySpec;
import dev.strongroom.jca.EncryptionContextSpec;
import dev.strongroom.jca.EnvelopeSpec;
import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;

/** What threads of a program do with one KeyStore that they share. */
final class MixedOperations {
  private static final byte[] MESSAGE = new byte[200];
  private static final Map<String, String> CONTEXT = Map.of("tenant", "a");

  private final KmsHome home;
  private final KeyStore keyStore;
  private final Provider provider;

  /** Makes the keys and loads the KeyStore. */
  MixedOperations(KmsHome home) throws GeneralSecurityException, IOException {
    this.home = home;
    this.provider = home.provider();
    home.certified(CmkSpec.ECC_NIST_P256, "ec", TestCa.ec(), "localhost");
    home.create(CmkSpec.ECC_NIST_EDWARDS25519, "ed");
    home.create(CmkSpec.HMAC_256, "hmac");
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    this.keyStore = home.keyStore();
  }

  /**
   * Does one of them and checks what it gives.
   *
   * @param number chooses which: of 1000 in a row, two change the store
   */
  void run(int number, int thread) throws GeneralSecurityException {
    if (number % 1000 == 500) {
      moveAlias("alias/thread-" + thread);
      return;
    }
    switch (number % 10) {
      case 0 -> sign("SHA256withECDSA", "ec");
      case 1 -> sign("Ed25519", "ed");
      case 2 -> mac();
      case 3 -> encrypt("KmsEnvelope", EnvelopeSpec.of(CONTEXT));
      case 4 -> makeDataKey();
      case 5 -> assertTrue(Collections.list(keyStore.aliases()).contains("app"));
      case 6 -> assertEquals(2, keyStore.getCertificateChain("ec").length);
      case 7 -> assertTrue(keyStore.getKey("app", null) instanceof KmsSecretKey);
      default -> encrypt("Kms", EncryptionContextSpec.of(CONTEXT));
    }
  }

  private void moveAlias(String name) throws GeneralSecurityException {
    Alias alias = new Alias(name);
    home.kms().createAlias(home.root(), alias, new Alias("alias/app"));
    assertTrue(keyStore.containsAlias(name));
    home.kms().deleteAlias(home.root(), alias);
    assertTrue(!keyStore.containsAlias(name));
  }

  private void sign(String algorithm, String alias) throws GeneralSecurityException {
    KmsPrivateKey key = (KmsPrivateKey) keyStore.getKey(alias, null);
    Signature signature = Signature.getInstance(algorithm, provider);
    signature.initSign(key);
    signature.update(MESSAGE);
    byte[] bytes = signature.sign();
    Signature verifier = Signature.getInstance(algorithm, "SunEC");
    verifier.initVerify(key.publicKey());
    verifier.update(MESSAGE);
    assertTrue(verifier.verify(bytes));
  }

  private void mac() throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256", provider);
    mac.init(keyStore.getKey("hmac", null));
    byte[] first = mac.doFinal(MESSAGE);
    assertArrayEquals(first, mac.doFinal(MESSAGE));
  }

  private void encrypt(String kind, AlgorithmParameterSpec parameters)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(kind, provider);
    cipher.init(Cipher.ENCRYPT_MODE, keyStore.getKey("app", null), parameters);
    byte[] ciphertext = cipher.doFinal(MESSAGE);
    cipher.init(Cipher.DECRYPT_MODE, keyStore.getKey("app", null), parameters);
    assertArrayEquals(MESSAGE, cipher.doFinal(ciphertext));
  }

  private void makeDataKey() throws GeneralSecurityException {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey", provider);
    generator.init(DataKeySpec.aes256((KmsSecretKey) keyStore.getKey("app", null), CONTEXT));
    DataKey dataKey = (DataKey) generator.generateKey();
    assertEquals(32, dataKey.getEncoded().length);
  }
}
