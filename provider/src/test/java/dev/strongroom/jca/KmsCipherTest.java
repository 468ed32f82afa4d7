// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.DataKeyPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsCipherTest {
  private static final byte[] SECRET = "swordfish".getBytes(StandardCharsets.UTF_8);
  private static final EncryptionContextSpec TENANT_A =
      EncryptionContextSpec.of(Map.of("tenant", "a"));

  private final Room room = new Room();
  private KmsSecretKey cmk;
  private Cipher cipher;

  @BeforeEach
  void makeKey() throws Exception {
    cmk = room.symmetric("app");
    cipher = Cipher.getInstance("Kms", room.provider);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private byte[] encrypted() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk, TENANT_A);
    return cipher.doFinal(SECRET);
  }

  @Test
  void decryptsWhatItEncrypted() throws Exception {
    byte[] blob = encrypted();

    cipher.init(Cipher.DECRYPT_MODE, cmk, TENANT_A);
    assertArrayEquals(SECRET, cipher.doFinal(blob));
  }

  @Test
  void aBlobIs117BytesLongerThanItsPlaintext() throws Exception {
    assertEquals(SECRET.length + KmsCipherSpi.OVERHEAD, encrypted().length);
  }

  @Test
  void outputSizeIsExactInBothDirections() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    cipher.update(new byte[10]);
    assertEquals(10 + 22 + 117, cipher.getOutputSize(22));

    cipher.init(Cipher.DECRYPT_MODE, cmk);
    assertEquals(32, cipher.getOutputSize(149));
    assertEquals(0, cipher.getOutputSize(5));
  }

  @Test
  void piecesGiveWhatTheWholeGives() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk, TENANT_A);
    cipher.update(SECRET, 0, 4);
    byte[] blob = cipher.doFinal(SECRET, 4, SECRET.length - 4);

    cipher.init(Cipher.DECRYPT_MODE, cmk, TENANT_A);
    cipher.update(blob, 0, 50);
    assertArrayEquals(SECRET, cipher.doFinal(blob, 50, blob.length - 50));
  }

  @Test
  void byteBuffersWork() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    ByteBuffer blob = ByteBuffer.allocateDirect(cipher.getOutputSize(SECRET.length));
    cipher.doFinal(ByteBuffer.wrap(SECRET), blob);

    cipher.init(Cipher.DECRYPT_MODE, cmk);
    ByteBuffer plain = ByteBuffer.allocate(SECRET.length);
    cipher.doFinal(blob.flip(), plain);
    assertArrayEquals(SECRET, plain.array());
  }

  @Test
  void aCipherEncryptsAgainAfterDoFinal() throws Exception {
    byte[] first = encrypted();
    byte[] second = cipher.doFinal(SECRET);

    cipher.init(Cipher.DECRYPT_MODE, cmk, TENANT_A);
    assertArrayEquals(cipher.doFinal(first), cipher.doFinal(second));
  }

  @Test
  void aShortBufferLeavesTheInputForASecondTry() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    byte[] small = new byte[SECRET.length + 116];
    assertThrows(ShortBufferException.class, () -> cipher.doFinal(SECRET, 0, SECRET.length, small));

    byte[] blob = new byte[SECRET.length + 117];
    assertEquals(blob.length, cipher.doFinal(SECRET, 0, SECRET.length, blob));
    cipher.init(Cipher.DECRYPT_MODE, cmk);
    assertArrayEquals(SECRET, cipher.doFinal(blob));
  }

  @Test
  void decryptFailsWhenTheContextDiffers() throws Exception {
    byte[] blob = encrypted();

    for (EncryptionContextSpec other :
        new EncryptionContextSpec[] {
          null,
          EncryptionContextSpec.of(Map.of("tenant", "b")),
          EncryptionContextSpec.of(Map.of("tenant", "a", "more", "c"))
        }) {
      cipher.init(Cipher.DECRYPT_MODE, cmk, other);
      assertThrows(AEADBadTagException.class, () -> cipher.doFinal(blob));
    }
  }

  @Test
  void everyChangedByteOfABlobIsABadTag() throws Exception {
    byte[] blob = encrypted();
    cipher.init(Cipher.DECRYPT_MODE, cmk, TENANT_A);

    for (int i = 0; i < blob.length; i++) {
      blob[i] ^= 1;
      assertThrows(AEADBadTagException.class, () -> cipher.doFinal(blob), "byte " + i);
      blob[i] ^= 1;
    }
    assertArrayEquals(SECRET, cipher.doFinal(blob));
  }

  @Test
  void aBlobOfAnotherKeyIsABadTagWithTheKmsErrorAsItsCause() throws Exception {
    byte[] blob = encrypted();

    cipher.init(Cipher.DECRYPT_MODE, room.symmetric("other"), TENANT_A);
    AEADBadTagException refused =
        assertThrows(AEADBadTagException.class, () -> cipher.doFinal(blob));
    assertInstanceOf(KmsException.class, refused.getCause());
  }

  @Test
  void fourThousandAndNinetySixBytesAreEncryptedAndOneMoreIsRefused() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    assertEquals(4096 + 117, cipher.doFinal(new byte[4096]).length);

    IllegalBlockSizeException refused =
        assertThrows(IllegalBlockSizeException.class, () -> cipher.doFinal(new byte[4097]));
    Room.assertSays("KmsEnvelope", refused);
    assertEquals(1 + 117, cipher.doFinal(new byte[1]).length);
  }

  @Test
  void anEmptyPlaintextIsAnIllegalBlockSize() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    assertThrows(IllegalBlockSizeException.class, () -> cipher.doFinal());
  }

  @Test
  void aDisabledKeyIsAProviderExceptionThatStreamsDoNotSwallow() throws Exception {
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    room.kms().disableKey(room.provider.caller(), cmk.arn());

    ProviderException refused = assertThrows(ProviderException.class, () -> cipher.doFinal(SECRET));
    assertInstanceOf(KmsException.Disabled.class, refused.getCause());
  }

  @Test
  void unwrappingGivesADataKeyWithItsBlob() throws Exception {
    SecretKey key = new SecretKeySpec(new byte[32], "AES");
    cipher.init(Cipher.WRAP_MODE, cmk, TENANT_A);
    byte[] wrapped = cipher.wrap(key);

    cipher.init(Cipher.UNWRAP_MODE, cmk, TENANT_A);
    DataKey opened = (DataKey) cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
    assertArrayEquals(key.getEncoded(), opened.getEncoded());
    assertArrayEquals(wrapped, opened.getCiphertextBlob());
    assertEquals("AES", opened.getAlgorithm());
  }

  @Test
  void pairsAreWrappedAndUnwrapped() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    var pair = generator.generateKeyPair();
    cipher.init(Cipher.WRAP_MODE, cmk);
    byte[] wrappedPrivate = cipher.wrap(pair.getPrivate());
    byte[] wrappedPublic = cipher.wrap(pair.getPublic());

    cipher.init(Cipher.UNWRAP_MODE, cmk);
    PrivateKey opened = (PrivateKey) cipher.unwrap(wrappedPrivate, "EC", Cipher.PRIVATE_KEY);
    assertInstanceOf(DataKeyPrivateKey.class, opened);
    assertArrayEquals(pair.getPrivate().getEncoded(), opened.getEncoded());
    assertEquals(pair.getPublic(), cipher.unwrap(wrappedPublic, "EC", Cipher.PUBLIC_KEY));
  }

  @Test
  void aWrappedKeyUnderAnotherContextIsAnInvalidKey() throws Exception {
    cipher.init(Cipher.WRAP_MODE, cmk, TENANT_A);
    byte[] wrapped = cipher.wrap(new SecretKeySpec(new byte[16], "AES"));

    cipher.init(Cipher.UNWRAP_MODE, cmk);
    assertThrows(InvalidKeyException.class, () -> cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY));
  }

  @Test
  void aHandleHasNothingToWrap() throws Exception {
    cipher.init(Cipher.WRAP_MODE, cmk);
    assertThrows(InvalidKeyException.class, () -> cipher.wrap(cmk));
  }

  @Test
  void foreignKeysAndForeignParametersAreRefusedAtInit() {
    SecretKeySpec foreign = new SecretKeySpec(new byte[32], "AES");
    assertThrows(InvalidKeyException.class, () -> cipher.init(Cipher.ENCRYPT_MODE, foreign));
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> cipher.init(Cipher.ENCRYPT_MODE, cmk, new GCMParameterSpec(128, new byte[12])));
  }

  @Test
  void anHmacKeyIsRefusedAtInit() throws Exception {
    room.create(CmkSpec.HMAC_256, "mac");
    KmsSecretKey mac = (KmsSecretKey) room.key("mac");
    assertThrows(InvalidKeyException.class, () -> cipher.init(Cipher.ENCRYPT_MODE, mac));
  }

  @Test
  void aDestroyedHandleIsRefusedAtInit() {
    cmk.destroy();
    assertThrows(InvalidKeyException.class, () -> cipher.init(Cipher.ENCRYPT_MODE, cmk));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AES/GCM/NoPadding",
        "AES/KW/NoPadding",
        "AES/KWP/NoPadding",
        "AES_128/GCM/NoPadding",
        "AES_192/KW/NoPadding",
        "AES_256/GCM/NoPadding",
        "AES_256/KW/NoPadding",
        "AES_256/KWP/NoPadding",
        "AESWrap",
        "AESWrapPad_256",
        "2.16.840.1.101.3.4.1.46"
      })
  void aesOnAHandleNamesWhatToUse(String transformation) throws Exception {
    Cipher aes = Cipher.getInstance(transformation, room.provider);
    InvalidKeyException refused =
        assertThrows(InvalidKeyException.class, () -> aes.init(Cipher.ENCRYPT_MODE, cmk));
    Room.assertSays("\"Kms\"", refused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AESWrap",
        "AESWrapPad",
        "AESWrap_128",
        "AESWrapPad_192",
        "2.16.840.1.101.3.4.1.5",
        "2.16.840.1.101.3.4.1.6",
        "2.16.840.1.101.3.4.1.8",
        "2.16.840.1.101.3.4.1.25",
        "2.16.840.1.101.3.4.1.26",
        "2.16.840.1.101.3.4.1.28",
        "OID.2.16.840.1.101.3.4.1.45",
        "OID.2.16.840.1.101.3.4.1.46",
        "OID.2.16.840.1.101.3.4.1.48"
      })
  void otherNamesOfAesMeanWhatTheyMeanInTheJdk(String name) {
    Provider jdk = Security.getProvider("SunJCE");
    assertEquals(
        requireNonNull(jdk.getService("Cipher", name)).getAlgorithm(),
        requireNonNull(room.provider.getService("Cipher", name)).getAlgorithm());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES/KW/NoPadding", "AES_256/KW/NoPadding", "AES_256/KWP/NoPadding"})
  void dataKeysWrapAsInTheJdk(String transformation) throws Exception {
    SecretKeySpec dataKey = new SecretKeySpec(new byte[32], "AES");
    SecretKeySpec secret = new SecretKeySpec(new byte[16], "AES");
    Cipher ours = Cipher.getInstance(transformation, room.provider);
    ours.init(Cipher.WRAP_MODE, dataKey);
    Cipher theirs = Cipher.getInstance(transformation, "SunJCE");
    theirs.init(Cipher.UNWRAP_MODE, dataKey);
    assertEquals(secret, theirs.unwrap(ours.wrap(secret), "AES", Cipher.SECRET_KEY));
  }
}
