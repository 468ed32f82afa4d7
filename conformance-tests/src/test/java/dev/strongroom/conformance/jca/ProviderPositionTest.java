// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProviderPositionTest {
  private static final byte[] MESSAGE = new byte[5000];
  private static final String OAEP = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
  private static final PSSParameterSpec PSS_SALT_20 =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1);

  private static StrongroomProvider provider;
  private static KeyPair softwareRsa;
  private static KeyPair softwareEc;
  private static KeyPair softwareEd;

  @BeforeAll
  static void makeKeys() throws Exception {
    provider = StrongroomProvider.temporary();
    create(CmkSpec.RSA_2048, KeyUsage.SIGN_VERIFY, "rsa");
    create(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, "oaep");
    create(CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY, "ec");
    create(CmkSpec.ECC_NIST_EDWARDS25519, KeyUsage.SIGN_VERIFY, "ed");
    create(CmkSpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC, "hmac");
    create(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, "aes");
    softwareRsa = pair("RSA", 2048);
    softwareEc = pair("EC", 256);
    softwareEd = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static void create(CmkSpec spec, KeyUsage usage, String alias) {
    provider
        .kms()
        .createKey(
            provider.caller(),
            CreateKeyRequest.of(spec).withUsage(usage).withAlias(new Alias("alias/" + alias)));
  }

  private static KeyPair pair(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static Key ours(String alias) throws Exception {
    KeyStore keyStore = KeyStore.getInstance("KMS");
    keyStore.load(null, null);
    return keyStore.getKey(alias, null);
  }

  @AfterEach
  void uninstall() {
    Security.removeProvider(provider.getName());
  }

  @AfterAll
  static void close() {
    provider.close();
  }

  private static void signsAndVerifies(String algorithm, PrivateKey key, PublicKey publicKey)
      throws Exception {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(MESSAGE, 0, 4000);
    byte[] bytes = signature.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(publicKey);
    verifier.update(MESSAGE, 0, 4000);
    assertTrue(verifier.verify(bytes), algorithm);
    assertFalse(verifier.getProvider() instanceof StrongroomProvider);
  }

  @ParameterizedTest
  @EnumSource
  void ourKeysSignAndOthersVerify(Position position) throws Exception {
    position.install(provider);
    for (String algorithm : List.of("SHA256withRSA", "SHA512withRSA")) {
      KmsPrivateKey rsa = (KmsPrivateKey) ours("rsa");
      signsAndVerifies(algorithm, rsa, rsa.publicKey());
    }
    KmsPrivateKey ec = (KmsPrivateKey) ours("ec");
    for (String algorithm :
        List.of("SHA256withECDSA", "SHA384withECDSA", "SHA256withECDSAinP1363Format")) {
      signsAndVerifies(algorithm, ec, ec.publicKey());
    }
    KmsPrivateKey ed = (KmsPrivateKey) ours("ed");
    signsAndVerifies("Ed25519", ed, ed.publicKey());
    signsAndVerifies("EdDSA", ed, ed.publicKey());
  }

  @ParameterizedTest
  @EnumSource
  void softwareKeysSignAndVerifyAsWithoutUs(Position position) throws Exception {
    position.install(provider);
    signsAndVerifies("SHA256withRSA", softwareRsa.getPrivate(), softwareRsa.getPublic());
    signsAndVerifies("SHA256withECDSA", softwareEc.getPrivate(), softwareEc.getPublic());
    signsAndVerifies("Ed25519", softwareEd.getPrivate(), softwareEd.getPublic());
  }

  /** Asking who it will be fixes the provider: the first who has the algorithm. */
  @ParameterizedTest
  @EnumSource
  void softwareKeysSignAndVerifyAfterTheProviderWasAskedFor(Position position) throws Exception {
    position.install(provider);
    signsAfterAsking("SHA256withRSA", softwareRsa, null);
    signsAfterAsking("SHA384withECDSA", softwareEc, null);
    signsAfterAsking("SHA256withECDSAinP1363Format", softwareEc, null);
    signsAfterAsking("NONEwithECDSA", softwareEc, null);
    signsAfterAsking("Ed25519", softwareEd, new EdDSAParameterSpec(false));
    signsAfterAsking("EdDSA", softwareEd, new EdDSAParameterSpec(true));
    signsAfterAsking("RSASSA-PSS", softwareRsa, PSS);
    signsAfterAsking("RSASSA-PSS", softwareRsa, PSS_SALT_20);
  }

  private static void signsAfterAsking(
      String algorithm, KeyPair pair, @Nullable AlgorithmParameterSpec parameters)
      throws Exception {
    byte[] message = new byte[32];
    Signature signing = asked(algorithm, parameters);
    signing.initSign(pair.getPrivate());
    signing.update(message);
    byte[] bytes = signing.sign();
    Signature verifying = asked(algorithm, parameters);
    verifying.initVerify(pair.getPublic());
    verifying.update(message);
    assertTrue(verifying.verify(bytes), algorithm);
    verifying.update(MESSAGE, 0, 31);
    verifying.update((byte) 1);
    assertFalse(verifying.verify(bytes), algorithm);
  }

  private static Signature asked(String algorithm, @Nullable AlgorithmParameterSpec parameters)
      throws Exception {
    Signature signature = Signature.getInstance(algorithm);
    assertFalse(signature.getProvider().getName().isEmpty());
    if (parameters != null) {
      signature.setParameter(parameters);
    }
    return signature;
  }

  @ParameterizedTest
  @EnumSource
  void macsAndCiphersTakeSoftwareKeysAfterTheProviderWasAskedFor(Position position)
      throws Exception {
    position.install(provider);
    Mac mac = Mac.getInstance("HmacSHA256");
    assertFalse(mac.getProvider().getName().isEmpty());
    mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
    assertEquals(32, mac.doFinal(MESSAGE).length);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    assertFalse(cipher.getProvider().getName().isEmpty());
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES"));
    assertEquals(MESSAGE.length + 16, cipher.doFinal(MESSAGE).length);
  }

  /** Parameters fix the provider, and having none is a parameter, too. */
  @ParameterizedTest
  @EnumSource
  void softwareKeysSignAfterParametersWereSet(Position position) throws Exception {
    position.install(provider);
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.setParameter(null);
    rsa.initSign(softwareRsa.getPrivate());
    assertEquals(256, rsa.sign().length);
    Signature ed = Signature.getInstance("Ed25519");
    ed.setParameter(new EdDSAParameterSpec(false));
    ed.initSign(softwareEd.getPrivate());
    assertEquals(64, ed.sign().length);
  }

  @ParameterizedTest
  @EnumSource
  void softwareKeysDoPssInBothOrders(Position position) throws Exception {
    position.install(provider);
    for (PSSParameterSpec parameters : List.of(PSS, PSS_SALT_20)) {
      Signature before = Signature.getInstance("RSASSA-PSS");
      before.setParameter(parameters);
      before.initSign(softwareRsa.getPrivate());
      pssVerifies(before, parameters, softwareRsa.getPublic());
      Signature after = Signature.getInstance("RSASSA-PSS");
      after.initSign(softwareRsa.getPrivate());
      after.setParameter(parameters);
      pssVerifies(after, parameters, softwareRsa.getPublic());
    }
  }

  /** With the parameters first JCA takes the first provider, so that order needs ours there. */
  @ParameterizedTest
  @EnumSource
  void ourKeysDoPss(Position position) throws Exception {
    position.install(provider);
    KmsPrivateKey rsa = (KmsPrivateKey) ours("rsa");
    Signature after = Signature.getInstance("RSASSA-PSS");
    after.initSign(rsa);
    after.setParameter(PSS);
    pssVerifies(after, PSS, rsa.publicKey());

    Signature before =
        position == Position.FIRST
            ? Signature.getInstance("RSASSA-PSS")
            : Signature.getInstance("RSASSA-PSS", provider);
    before.setParameter(PSS);
    before.initSign(rsa);
    pssVerifies(before, PSS, rsa.publicKey());
  }

  private static void pssVerifies(
      Signature signing, PSSParameterSpec parameters, PublicKey publicKey) throws Exception {
    signing.update(MESSAGE);
    byte[] bytes = signing.sign();
    Signature verifier = Signature.getInstance("RSASSA-PSS");
    verifier.setParameter(parameters);
    verifier.initVerify(publicKey);
    verifier.update(MESSAGE);
    assertTrue(verifier.verify(bytes));
  }

  @ParameterizedTest
  @EnumSource
  void pssParametersCanAlwaysBeAskedFor(Position position) throws Exception {
    position.install(provider);
    for (PSSParameterSpec parameters : List.of(PSS, PSS_SALT_20)) {
      Signature signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(parameters);
      assertEquals(
          parameters.getSaltLength(),
          signature.getParameters().getParameterSpec(PSSParameterSpec.class).getSaltLength());
    }
  }

  @ParameterizedTest
  @EnumSource
  void macsWorkForBothEvenAfterTheirLengthWasAskedFor(Position position) throws Exception {
    position.install(provider);
    Mac software = Mac.getInstance("HmacSHA256");
    assertEquals(32, software.getMacLength());
    SecretKeySpec key = new SecretKeySpec(new byte[32], "HmacSHA256");
    software.init(key);
    Mac plain = Mac.getInstance("HmacSHA256", "SunJCE");
    plain.init(key);
    assertArrayEquals(plain.doFinal(MESSAGE), software.doFinal(MESSAGE));

    Mac ours = Mac.getInstance("HmacSHA256");
    ours.init(ours("hmac"));
    byte[] message = new byte[100];
    provider
        .kms()
        .verifyMac(
            provider.caller(),
            new Alias("alias/hmac"),
            MacAlgorithm.HMAC_SHA_256,
            message,
            ours.doFinal(message));
  }

  @ParameterizedTest
  @EnumSource
  void gcmWorksAsWithoutUsEvenAfterTheBlockSizeWasAskedFor(Position position) throws Exception {
    position.install(provider);
    for (boolean ask : new boolean[] {false, true}) {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      if (ask) {
        assertEquals(16, cipher.getBlockSize());
      }
      SecretKey key = new SecretKeySpec(new byte[32], "AES");
      GCMParameterSpec iv = new GCMParameterSpec(128, new byte[12]);
      cipher.init(Cipher.ENCRYPT_MODE, key, iv);
      cipher.updateAAD(new byte[3]);
      byte[] sealed = cipher.doFinal(MESSAGE);
      assertThrows(
          InvalidAlgorithmParameterException.class,
          () -> cipher.init(Cipher.ENCRYPT_MODE, key, iv));
      cipher.init(Cipher.DECRYPT_MODE, key, cipher.getParameters());
      cipher.updateAAD(new byte[3]);
      assertArrayEquals(MESSAGE, cipher.doFinal(sealed));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyWrapWorksAsWithoutUsEvenAfterTheBlockSizeWasAskedFor(Position position) throws Exception {
    position.install(provider);
    List<String> names =
        List.of("AES/KW/NoPadding", "AES/KWP/NoPadding", "AES_256/KW/NoPadding", "AESWrap");
    for (String name : names) {
      wrap(name, false);
      wrap(name, true);
    }
  }

  private static void wrap(String transformation, boolean askForTheBlockSize) throws Exception {
    SecretKey key = new SecretKeySpec(new byte[32], "AES");
    Cipher cipher = Cipher.getInstance(transformation);
    if (askForTheBlockSize) {
      assertEquals(
          Cipher.getInstance(transformation, "SunJCE").getBlockSize(), cipher.getBlockSize());
    }
    cipher.init(Cipher.WRAP_MODE, key);
    byte[] wrapped = cipher.wrap(key);
    cipher.init(Cipher.UNWRAP_MODE, key);
    assertEquals(key, cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY));
  }

  @ParameterizedTest
  @EnumSource
  void oaepWorksForBoth(Position position) throws Exception {
    position.install(provider);
    KmsPrivateKey ours = (KmsPrivateKey) ours("oaep");
    oaep(ours.publicKey(), ours);
    oaep(softwareRsa.getPublic(), softwareRsa.getPrivate());
  }

  private static void oaep(PublicKey publicKey, PrivateKey privateKey) throws Exception {
    for (boolean ask : new boolean[] {false, true}) {
      Cipher encrypting = Cipher.getInstance(OAEP);
      if (ask) {
        assertEquals(0, encrypting.getBlockSize());
      }
      encrypting.init(Cipher.ENCRYPT_MODE, publicKey);
      byte[] ciphertext = encrypting.doFinal(new byte[20]);
      Cipher decrypting = Cipher.getInstance(OAEP);
      decrypting.init(Cipher.DECRYPT_MODE, privateKey);
      assertArrayEquals(new byte[20], decrypting.doFinal(ciphertext));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gcmOnOurKeysIsRefusedByName(Position position) throws Exception {
    position.install(provider);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    Key key = ours("aes");
    InvalidKeyException refused =
        assertThrows(InvalidKeyException.class, () -> cipher.init(Cipher.ENCRYPT_MODE, key));
    assertTrue(String.valueOf(refused.getMessage()).contains("\"Kms\""), refused.toString());
  }

  @ParameterizedTest
  @EnumSource
  void theJvmsDefaultsStayTheJdks(Position position) throws Exception {
    String random = new SecureRandom().getProvider().getName();
    position.install(provider);

    assertEquals(random, new SecureRandom().getProvider().getName());
    assertEquals("SunJCE", KeyGenerator.getInstance("AES").getProvider().getName());
    assertEquals("SunRsaSign", KeyPairGenerator.getInstance("RSA").getProvider().getName());
    assertEquals("KmsRandom", SecureRandom.getInstance("KmsRandom").getAlgorithm());
    assertEquals(32, SecureRandom.getInstance("KmsRandom").generateSeed(32).length);
  }
}
