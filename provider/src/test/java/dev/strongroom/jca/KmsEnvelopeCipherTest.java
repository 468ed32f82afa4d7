// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.keyring.RawAesKeyring;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsEnvelopeCipherTest {
  private static final EnvelopeSpec FILE_1 = EnvelopeSpec.of(Map.of("file", "1"));

  private static Room room;
  private static KmsSecretKey cmk;
  private static KmsSecretKey other;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    cmk = room.symmetric("app");
    other = room.symmetric("other");
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static Cipher cipher(int mode, KmsSecretKey key, EnvelopeSpec spec) throws Exception {
    Cipher cipher = Cipher.getInstance("KmsEnvelope", room.provider);
    cipher.init(mode, key, spec);
    return cipher;
  }

  private static Cipher encrypting() throws Exception {
    return cipher(Cipher.ENCRYPT_MODE, cmk, FILE_1);
  }

  private static Cipher decrypting() throws Exception {
    return cipher(Cipher.DECRYPT_MODE, cmk, FILE_1);
  }

  private static byte[] plaintext(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000, 9_000_000})
  void whatStreamsEncryptStreamsDecrypt(int length) throws Exception {
    byte[] plain = plaintext(length);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (OutputStream out = new CipherOutputStream(message, encrypting())) {
      new ByteArrayInputStream(plain).transferTo(out);
    }

    try (InputStream in =
        new CipherInputStream(new ByteArrayInputStream(message.toByteArray()), decrypting())) {
      assertArrayEquals(plain, in.readAllBytes());
    }
  }

  @Test
  void streamsThatReadEncryptAsWell() throws Exception {
    byte[] plain = plaintext(200_000);
    byte[] message;
    try (InputStream in = new CipherInputStream(new ByteArrayInputStream(plain), encrypting())) {
      message = in.readAllBytes();
    }

    assertArrayEquals(plain, decrypting().doFinal(message));
  }

  @Test
  void updateGivesOutWhatFitsAndTheRestLater() throws Exception {
    byte[] plain = plaintext(3_000_000);
    Cipher cipher = encrypting();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    byte[] small = new byte[1000];
    for (int at = 0; at < plain.length; at += 100_000) {
      message.write(small, 0, cipher.update(plain, at, 100_000, small));
    }
    message.write(cipher.doFinal());

    assertArrayEquals(plain, decrypting().doFinal(message.toByteArray()));
  }

  @Test
  void doFinalWithAShortBufferCanBeRepeated() throws Exception {
    byte[] plain = plaintext(100);
    Cipher cipher = encrypting();
    assertThrows(
        ShortBufferException.class, () -> cipher.doFinal(plain, 0, plain.length, new byte[100]));

    byte[] out = new byte[cipher.getOutputSize(plain.length)];
    int length = cipher.doFinal(plain, 0, plain.length, out);
    assertArrayEquals(plain, decrypting().doFinal(out, 0, length));
  }

  @Test
  void outputSizeIsNeverTooSmall() throws Exception {
    for (int length : new int[] {0, 1, 65_536, 300_000}) {
      Cipher cipher = encrypting();
      int promised = cipher.getOutputSize(length);
      int made = cipher.doFinal(new byte[length]).length;
      assertTrue(made <= promised, made + " > " + promised);
    }
  }

  @Test
  void eachMessageHasItsOwnDataKey() throws Exception {
    Cipher cipher = encrypting();
    byte[] first = cipher.doFinal(new byte[10]);
    byte[] second = cipher.doFinal(new byte[10]);

    assertEquals(first.length, second.length);
    assertTrue(!Arrays.equals(first, second));
    Cipher reader = decrypting();
    assertArrayEquals(new byte[10], reader.doFinal(first));
    assertArrayEquals(new byte[10], reader.doFinal(second));
  }

  @Test
  void signedMessagesAndOtherFramesAreRead() throws Exception {
    EnvelopeSpec spec = FILE_1.signed().withFrameLength(1000);
    byte[] plain = plaintext(12_345);
    byte[] message = cipher(Cipher.ENCRYPT_MODE, cmk, spec).doFinal(plain);

    assertArrayEquals(plain, decrypting().doFinal(message));
  }

  @Test
  void moreRecipientsOpenTheMessage() throws Exception {
    RawAesKeyring breakGlass =
        RawAesKeyring.of("safe", "2026", new SecretKeySpec(new byte[32], "AES"));
    EnvelopeSpec spec = FILE_1.withRecipient(other).withRecipient(breakGlass);
    byte[] message = cipher(Cipher.ENCRYPT_MODE, cmk, spec).doFinal(new byte[10]);

    assertArrayEquals(new byte[10], cipher(Cipher.DECRYPT_MODE, other, FILE_1).doFinal(message));
    KmsSecretKey third = room.symmetric("third");
    assertArrayEquals(
        new byte[10],
        cipher(Cipher.DECRYPT_MODE, third, FILE_1.withRecipient(breakGlass)).doFinal(message));
  }

  @Test
  void anotherContextIsABadTag() throws Exception {
    byte[] message = encrypting().doFinal(new byte[10]);

    for (Map<String, String> context :
        java.util.List.of(
            Map.<String, String>of(), Map.of("file", "2"), Map.of("file", "1", "more", "a"))) {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, cmk, EnvelopeSpec.of(context));
      assertThrows(AEADBadTagException.class, () -> cipher.doFinal(message));
    }
  }

  @Test
  void withoutASpecAnyContextIsRead() throws Exception {
    byte[] message = encrypting().doFinal(new byte[10]);
    Cipher cipher = Cipher.getInstance("KmsEnvelope", room.provider);
    cipher.init(Cipher.DECRYPT_MODE, cmk);

    assertArrayEquals(new byte[10], cipher.doFinal(message));
  }

  @Test
  void aMessageForAnotherKeyIsABadTag() throws Exception {
    byte[] message = encrypting().doFinal(new byte[10]);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, other, FILE_1);

    AEADBadTagException refused =
        assertThrows(AEADBadTagException.class, () -> cipher.doFinal(message));
    assertInstanceOf(KmsException.class, refused.getCause());
  }

  @Test
  void everyFlippedBitIsABadTagAndReleasesNothing() throws Exception {
    byte[] message = encrypting().doFinal(new byte[10]);
    Cipher cipher = decrypting();
    for (int bit = 0; bit < 8 * message.length; bit += 3) {
      message[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThrows(AEADBadTagException.class, () -> cipher.doFinal(message), "bit " + bit);
      message[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    assertArrayEquals(new byte[10], cipher.doFinal(message));
  }

  @Test
  void everyPrefixIsABadTagAtTheEnd() throws Exception {
    byte[] message = encrypting().doFinal(plaintext(70_000));
    Cipher cipher = decrypting();
    for (int length = 0; length < message.length; length += 997) {
      byte[] prefix = Arrays.copyOf(message, length);
      assertThrows(AEADBadTagException.class, () -> cipher.doFinal(prefix), length + " bytes");
    }
  }

  @Test
  void aStreamOfAChangedMessageEndsInAnIoException() throws Exception {
    byte[] message = encrypting().doFinal(plaintext(300_000));
    message[200_000] ^= 1;
    try (InputStream in = new CipherInputStream(new ByteArrayInputStream(message), decrypting())) {
      IOException refused = assertThrows(IOException.class, in::readAllBytes);
      assertInstanceOf(AEADBadTagException.class, refused.getCause());
    }
  }

  @Test
  void nothingIsReleasedAfterAChangedFrame() throws Exception {
    byte[] message = encrypting().doFinal(plaintext(300_000));
    message[100_000] ^= 1;
    Cipher cipher = decrypting();
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    for (int at = 0; at < message.length; at += 1000) {
      byte[] piece = Arrays.copyOfRange(message, at, Math.min(at + 1000, message.length));
      released.writeBytes(cipher.update(piece));
    }

    assertThrows(AEADBadTagException.class, cipher::doFinal);
    assertTrue(released.size() <= 65_536, released.size() + " bytes");
  }

  @Test
  void aDisabledKeyIsAnInvalidKeyAtInit() throws Exception {
    KmsSecretKey disabled = room.symmetric("disabled");
    room.kms().disableKey(room.provider.caller(), disabled.arn());

    InvalidKeyException refused =
        assertThrows(
            InvalidKeyException.class, () -> cipher(Cipher.ENCRYPT_MODE, disabled, FILE_1));
    assertInstanceOf(KmsException.Disabled.class, refused.getCause());
  }

  @Test
  void foreignKeysParametersAndModesAreRefusedAtInit() throws Exception {
    Cipher cipher = Cipher.getInstance("KmsEnvelope", room.provider);
    assertThrows(
        InvalidKeyException.class,
        () -> cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES")));
    assertThrows(InvalidKeyException.class, () -> cipher.init(Cipher.WRAP_MODE, cmk));
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> cipher.init(Cipher.ENCRYPT_MODE, cmk, EncryptionContextSpec.of(Map.of())));
  }
}
