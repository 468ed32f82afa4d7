// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static dev.strongroom.jca.Room.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.NewAccessKey;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs1DecryptionTest {
  private static final String PKCS1 = "RSA/ECB/PKCS1Padding";
  private static final byte[] SECRET = new byte[40];

  private final Room room = new Room();
  private KmsPrivateKey key;

  @BeforeEach
  void makeKey() throws Exception {
    room.create(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, "rsa");
    key = (KmsPrivateKey) room.key("rsa");
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void allow(boolean allowed) {
    room.kms().updatePkcs1Decryption(room.provider.caller(), key.arn(), allowed);
  }

  private byte[] encrypted() throws Exception {
    Cipher theirs = Cipher.getInstance(PKCS1, "SunJCE");
    theirs.init(Cipher.ENCRYPT_MODE, key.publicKey());
    return theirs.doFinal(SECRET);
  }

  private Cipher ours(String name) throws Exception {
    Cipher ours = Cipher.getInstance(name, room.provider);
    ours.init(Cipher.DECRYPT_MODE, key);
    return ours;
  }

  @Test
  void keysDoNotDecryptUntilItIsAllowedAndNoMoreAfterItIsDenied() throws Exception {
    byte[] ciphertext = encrypted();
    Cipher cipher = ours(PKCS1);
    ProviderException refusal =
        assertThrows(ProviderException.class, () -> cipher.doFinal(ciphertext));
    assertInstanceOf(KmsException.InvalidKeyUsage.class, refusal.getCause());
    assertSays("update-pkcs1-decryption", refusal);

    allow(true);
    assertArrayEquals(SECRET, cipher.doFinal(ciphertext));
    allow(false);
    assertThrows(ProviderException.class, () -> cipher.doFinal(ciphertext));
  }

  @ParameterizedTest
  @ValueSource(strings = {PKCS1, "rsa/ecb/pkcs1padding", "RSA", "1.2.840.113549.1.1.1"})
  void ciphertextsOfTheJdkAndOfBouncyCastleOpen(String name) throws Exception {
    allow(true);
    assertArrayEquals(SECRET, ours(name).doFinal(encrypted()));
    Cipher theirs = Cipher.getInstance(PKCS1, new BouncyCastleProvider());
    theirs.init(Cipher.ENCRYPT_MODE, key.publicKey());
    assertArrayEquals(SECRET, ours(name).doFinal(theirs.doFinal(SECRET)));
  }

  @Test
  void wrongPaddingIsNoErrorAndTellsNothing() throws Exception {
    allow(true);
    byte[] wrong = encrypted();
    wrong[100] ^= 1;
    Cipher cipher = ours(PKCS1);
    byte[] answer = cipher.doFinal(wrong);
    assertArrayEquals(answer, cipher.doFinal(wrong));
    assertFalse(Arrays.equals(SECRET, answer));
    assertArrayEquals(SECRET, cipher.doFinal(encrypted()));
  }

  @Test
  void aWrongLengthIsAnError() throws Exception {
    allow(true);
    assertThrows(BadPaddingException.class, () -> ours(PKCS1).doFinal(new byte[255]));
    assertThrows(IllegalBlockSizeException.class, () -> ours(PKCS1).doFinal(new byte[257]));
  }

  @Test
  void wrappedKeysAreUnwrapped() throws Exception {
    allow(true);
    SecretKeySpec content = new SecretKeySpec(new byte[32], "AES");
    Cipher theirs = Cipher.getInstance(PKCS1, "SunJCE");
    theirs.init(Cipher.WRAP_MODE, key.publicKey());
    Cipher ours = Cipher.getInstance(PKCS1, room.provider);
    ours.init(Cipher.UNWRAP_MODE, key);
    assertEquals(content, ours.unwrap(theirs.wrap(content), "AES", Cipher.SECRET_KEY));
  }

  @Test
  void parametersAndEncryptingAreRefused() throws Exception {
    Cipher ours = Cipher.getInstance(PKCS1, room.provider);
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> ours.init(Cipher.DECRYPT_MODE, key, OAEPParameterSpec.DEFAULT));
    assertThrows(InvalidKeyException.class, () -> ours.init(Cipher.ENCRYPT_MODE, key));
    KmsException refusal =
        assertThrows(
            KmsException.InvalidKeyUsage.class,
            () ->
                room.kms()
                    .encrypt(
                        room.provider.caller(),
                        key.arn(),
                        EncryptionAlgorithm.RSAES_PKCS1_V1_5,
                        SECRET,
                        EncryptionContext.EMPTY));
    assertSays("decrypts only", refusal);
  }

  @Test
  void keysOfOthersWorkWithOurProviderFirst() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Security.insertProviderAt(room.provider, 1);
    try {
      for (String name : new String[] {PKCS1, "RSA", "RSA/ECB/NoPadding"}) {
        Cipher cipher = Cipher.getInstance(name);
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic());
        byte[] ciphertext = cipher.doFinal(SECRET);
        cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate());
        byte[] plaintext = cipher.doFinal(ciphertext);
        assertArrayEquals(
            SECRET,
            Arrays.copyOfRange(plaintext, plaintext.length - SECRET.length, plaintext.length));
      }
    } finally {
      Security.removeProvider(room.provider.getName());
    }
  }

  @Test
  void describeKeyNamesTheAlgorithmWhereItIsAllowed() {
    Caller root = room.provider.caller();
    assertFalse(
        room.kms()
            .describeKey(root, key.arn())
            .encryptionAlgorithms()
            .contains(EncryptionAlgorithm.RSAES_PKCS1_V1_5));
    allow(true);
    assertTrue(
        room.kms()
            .describeKey(root, key.arn())
            .encryptionAlgorithms()
            .contains(EncryptionAlgorithm.RSAES_PKCS1_V1_5));
  }

  @Test
  void onlyAnRsaKeyForDecryptionCanBeAllowed() {
    room.create(CmkSpec.RSA_2048, KeyUsage.SIGN_VERIFY, "sign");
    for (String other : new String[] {"sign", "app"}) {
      if (other.equals("app")) {
        room.create(CmkSpec.SYMMETRIC_DEFAULT, other);
      }
      assertThrows(
          KmsException.Validation.class,
          () ->
              room.kms()
                  .updatePkcs1Decryption(
                      room.provider.caller(), new Alias("alias/" + other), true));
    }
  }

  @Test
  void allowingIsRecordedAndNeedsItsAction() {
    Caller root = room.provider.caller();
    room.kms().iam().createUser(root, "app", null);
    NewAccessKey access = room.kms().iam().createAccessKey(root, "app");
    Caller user = room.kms().authenticate(access.accessKeyId(), access.secret());
    room.kms()
        .putKeyPolicy(
            root,
            key.arn(),
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
               "Action": "kms:*", "Resource": "*"},
              {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:user/app"},
               "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*"}]}""");
    assertThrows(
        KmsException.AccessDenied.class,
        () -> room.kms().updatePkcs1Decryption(user, key.arn(), true));
    allow(true);

    List<String> recorded =
        room.kms().lookupEvents(root, AuditQuery.newest(20)).stream()
            .filter(record -> record.eventName().equals("UpdatePkcs1Decryption"))
            .map(
                record ->
                    record.errorCode().orElse("done")
                        + " "
                        + record.parameters().get("pkcs1Decryption"))
            .toList();
    assertEquals(List.of("AccessDeniedException true", "done true"), recorded);
  }
}
