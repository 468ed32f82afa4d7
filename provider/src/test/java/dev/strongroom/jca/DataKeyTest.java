// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.DataKeyPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.ProviderException;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataKeyTest {
  private static final Map<String, String> CONTEXT = Map.of("tenant", "a");

  private static Room room;
  private static KmsSecretKey cmk;

  @BeforeAll
  static void makeKey() throws Exception {
    room = new Room();
    cmk = room.symmetric("app");
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static DataKey generate(DataKeySpec spec) throws Exception {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey", room.provider);
    generator.init(spec);
    return (DataKey) generator.generateKey();
  }

  private static KeyPair generate(CmkSpec pair) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("KmsDataKeyPair", room.provider);
    generator.initialize(DataKeyPairSpec.of(cmk, pair, CONTEXT));
    return generator.generateKeyPair();
  }

  private static Cipher opening() throws Exception {
    Cipher cipher = Cipher.getInstance("Kms", room.provider);
    cipher.init(Cipher.UNWRAP_MODE, cmk, EncryptionContextSpec.of(CONTEXT));
    return cipher;
  }

  @ParameterizedTest
  @CsvSource({"app", "alias/app"})
  void namesAndHandlesMeanTheSameKey(String name) throws Exception {
    for (DataKeySpec spec :
        new DataKeySpec[] {
          DataKeySpec.aes256(name, CONTEXT),
          DataKeySpec.aes256(cmk, CONTEXT),
          DataKeySpec.aes256(cmk.arn().text(), CONTEXT),
          DataKeySpec.aes256(cmk.arn().keyId().text(), CONTEXT)
        }) {
      DataKey key = generate(spec);
      SecretKey opened =
          (SecretKey) opening().unwrap(key.getCiphertextBlob(), "AES", Cipher.SECRET_KEY);
      assertArrayEquals(key.getEncoded(), opened.getEncoded());
    }
  }

  @Test
  void dataKeysHaveTheLengthThatWasAskedFor() throws Exception {
    assertEquals(32, generate(DataKeySpec.aes256(cmk, CONTEXT)).getEncoded().length);
    assertEquals(16, generate(DataKeySpec.aes128(cmk, CONTEXT)).getEncoded().length);
    assertEquals(1024, generate(DataKeySpec.bytes(cmk, 1024, CONTEXT)).getEncoded().length);
    assertThrows(IllegalArgumentException.class, () -> DataKeySpec.bytes(cmk, 1025, CONTEXT));
    assertThrows(IllegalArgumentException.class, () -> DataKeySpec.bytes(cmk, 0, CONTEXT));
  }

  @Test
  void theJdkEncryptsWithADataKey() throws Exception {
    DataKey key = generate(DataKeySpec.aes256(cmk, CONTEXT));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, new byte[12]));
    byte[] sealed = cipher.doFinal(new byte[10]);

    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key.getEncoded(), "AES"),
        new GCMParameterSpec(128, new byte[12]));
    assertArrayEquals(new byte[10], cipher.doFinal(sealed));
  }

  @Test
  void getEncodedCopiesAndDestroyEndsIt() throws Exception {
    DataKey key = generate(DataKeySpec.aes256(cmk, CONTEXT));
    byte[] copy = key.getEncoded();
    copy[0] ^= 1;
    assertFalse(java.util.Arrays.equals(copy, key.getEncoded()));
    key.getCiphertextBlob()[0] = 0;
    assertEquals(1, key.getCiphertextBlob()[0]);

    key.destroy();
    assertTrue(key.isDestroyed());
    assertThrows(IllegalStateException.class, key::getEncoded);
  }

  @Test
  void keysInClearAreNotSerialized() throws Exception {
    ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
    DataKey key = generate(DataKeySpec.aes256(cmk, CONTEXT));
    assertThrows(NotSerializableException.class, () -> out.writeObject(key));
    KeyPair pair = generate(CmkSpec.ECC_NIST_P256);
    assertThrows(NotSerializableException.class, () -> out.writeObject(pair.getPrivate()));
  }

  @Test
  void theSecretIsInNoText() throws Exception {
    assertEquals("DataKey[256 bits]", generate(DataKeySpec.aes256(cmk, CONTEXT)).toString());
    assertEquals("DataKeyPrivateKey[EC]", generate(CmkSpec.ECC_NIST_P256).getPrivate().toString());
  }

  @Test
  void aGeneratorWithoutASpecRefuses() throws Exception {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey", room.provider);
    assertThrows(InvalidParameterException.class, () -> generator.init(256));
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> generator.init(new ECGenParameterSpec("secp256r1")));
    assertThrows(IllegalStateException.class, generator::generateKey);
  }

  @Test
  void aMissingAliasIsAnErrorAndNotMade() throws Exception {
    ProviderException refused =
        assertThrows(
            ProviderException.class, () -> generate(DataKeySpec.aes256("missing", CONTEXT)));
    assertInstanceOf(KmsException.NotFound.class, refused.getCause());
    assertFalse(room.keyStore().containsAlias("missing"));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, SHA256withRSA, RSA",
    "ECC_NIST_P256, SHA256withECDSA, EC",
    "ECC_NIST_P521, SHA512withECDSA, EC",
    "ECC_SECG_P256K1, SHA256withECDSA, EC",
    "ECC_NIST_EDWARDS25519, Ed25519, EdDSA"
  })
  void everyProviderSignsWithADataKeyPair(CmkSpec spec, String algorithm, String keyType)
      throws Exception {
    KeyPair pair = generate(spec);
    Signature signature =
        spec == CmkSpec.ECC_SECG_P256K1
            ? Signature.getInstance(algorithm, new BouncyCastleProvider())
            : Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(new byte[10]);
    byte[] bytes = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(new byte[10]);

    assertTrue(signature.verify(bytes));
    assertEquals(keyType, pair.getPrivate().getAlgorithm());
  }

  @ParameterizedTest
  @CsvSource({"RSA_2048", "ECC_NIST_P256", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"})
  void theBlobOfAPairOpensToTheSamePrivateKey(CmkSpec spec) throws Exception {
    DataKeyPrivateKey made = (DataKeyPrivateKey) generate(spec).getPrivate();
    DataKeyPrivateKey opened =
        (DataKeyPrivateKey)
            opening().unwrap(made.getCiphertextBlob(), made.getAlgorithm(), Cipher.PRIVATE_KEY);

    assertArrayEquals(made.getEncoded(), opened.getEncoded());
    opened.destroy();
    assertTrue(opened.isDestroyed());
    assertThrows(IllegalStateException.class, opened::getEncoded);
  }

  @Test
  void publicKeysOfPairsAreTheJdksOwn() throws Exception {
    for (CmkSpec spec :
        new CmkSpec[] {CmkSpec.RSA_2048, CmkSpec.ECC_NIST_P384, CmkSpec.ECC_NIST_EDWARDS25519}) {
      assertTrue(generate(spec).getPublic().getClass().getName().startsWith("sun.security."));
    }
  }
}
