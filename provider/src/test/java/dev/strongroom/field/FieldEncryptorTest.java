// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.jca.DataKeySpec;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.KeyGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FieldEncryptorTest {
  private static final byte[] VALUE = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ROW_7 = {7};
  private static final byte[] ROW_8 = {8};

  private final Fields room = new Fields();
  private final FieldEncryptor root = room.encryptor(FieldLimits.DEFAULT);
  private final FieldEncryptor cards = root.within(Map.of("column", "card"));

  @AfterEach
  void close() {
    root.close();
    room.close();
  }

  @Test
  void aMessageIs181BytesLongerThanItsValueAndShowsNothingOfIt() {
    byte[] message = cards.encrypt(VALUE);

    assertEquals(VALUE.length + 181, message.length);
    assertFalse(
        new String(message, StandardCharsets.ISO_8859_1).contains("4111"), "plaintext is inside");
  }

  @Test
  void anotherProcessOpensAMessage() {
    byte[] message = cards.encrypt(VALUE, ROW_7);

    try (FieldEncryptor other = FieldEncryptor.of((KmsSecretKey) room.provider.key("app"))) {
      FieldEncryptor sameColumn = other.within(Map.of("column", "card"));
      assertArrayEquals(VALUE, sameColumn.decrypt(message, ROW_7));
    }
  }

  @Test
  void equalValuesGiveDifferentMessages() {
    assertFalse(Arrays.equals(cards.encrypt(VALUE), cards.encrypt(VALUE)));
  }

  @Test
  void theEmptyValueIsAValue() {
    assertArrayEquals(new byte[0], cards.decrypt(cards.encrypt(new byte[0])));
  }

  @Test
  void everyChangedByteIsRefused() {
    byte[] message = cards.encrypt(VALUE);
    cards.decrypt(message);

    for (int i = 0; i < message.length; i++) {
      byte[] changed = message.clone();
      changed[i] ^= 1;
      assertThrows(KmsException.class, () -> cards.decrypt(changed), "byte " + i);
    }
    assertArrayEquals(VALUE, cards.decrypt(message));
  }

  @Test
  void everyShorterMessageIsRefused() {
    byte[] message = cards.encrypt(VALUE);

    for (int i = 0; i < message.length; i++) {
      byte[] cut = Arrays.copyOf(message, i);
      assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decrypt(cut), i + " bytes");
    }
  }

  @Test
  void anotherContextIsRefusedWithTheSameWords() {
    byte[] message = cards.encrypt(VALUE);
    cards.decrypt(message);
    FieldEncryptor names = root.within(Map.of("column", "name"));

    String wrongContext =
        assertThrows(KmsException.InvalidCiphertext.class, () -> names.decrypt(message))
            .getMessage();
    message[message.length - 1] ^= 1;
    String wrongByte =
        assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decrypt(message))
            .getMessage();

    assertEquals(wrongContext, wrongByte);
  }

  @Test
  void aValueDoesNotMoveToAnotherRow() {
    byte[] message = cards.encrypt(VALUE, ROW_7);

    assertArrayEquals(VALUE, cards.decrypt(message, ROW_7));
    assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decrypt(message, ROW_8));
    assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decrypt(message));
  }

  @Test
  void messagesOfAnotherCmkAreRefused() {
    try (FieldEncryptor other = FieldEncryptor.of(room.create("other"))) {
      byte[] message = other.encrypt(VALUE);
      assertThrows(KmsException.IncorrectKey.class, () -> root.decrypt(message));
    }
  }

  @Test
  void whoMayNotDecryptOpensNotEvenWhatItEncrypted() {
    KmsSecretKey writer = cmkThatOnlyEncrypts();

    try (FieldEncryptor fields = FieldEncryptor.of(writer)) {
      byte[] message = fields.encrypt(VALUE);
      assertThrows(KmsException.AccessDenied.class, () -> fields.decrypt(message));
    }
  }

  private KmsSecretKey cmkThatOnlyEncrypts() {
    StrongroomProvider provider = room.provider;
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
          "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Resource": "*",
          "Action": ["kms:GenerateDataKey", "kms:DescribeKey", "kms:PutKeyPolicy"]}]}
        """;
    provider
        .kms()
        .createKey(
            provider.caller(),
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)
                .withAlias(new Alias("alias/writer"))
                .withPolicy(policy));
    return (KmsSecretKey) provider.key("writer");
  }

  /** A data key whose clear form somebody has been given, put before a ciphertext of theirs. */
  @Test
  void aDataKeyThatWasMadeForSomethingElseIsNotTheKeyOfAMessage() throws Exception {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey", room.provider);
    generator.init(DataKeySpec.aes128(room.cmk, Map.of("column", "card")));
    DataKey dataKey = (DataKey) generator.generateKey();
    byte[] message =
        ByteBuffer.allocate(4 + dataKey.getCiphertextBlob().length + 60)
            .putShort((short) 0x4601)
            .putShort((short) dataKey.getCiphertextBlob().length)
            .put(dataKey.getCiphertextBlob())
            .array();

    assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decrypt(message));
  }

  @Test
  void textGoesThroughBase64() {
    String message = cards.encryptText("Zoë 🔑");

    assertTrue(message.matches("[A-Za-z0-9+/]+=*"), message);
    assertEquals("Zoë 🔑", cards.decryptText(message));
    assertThrows(KmsException.InvalidCiphertext.class, () -> cards.decryptText("no base64!"));
    assertThrows(IllegalArgumentException.class, () -> cards.encryptText("\ud83d"));
  }

  @Test
  void signingKeysAreRefused() {
    room.provider
        .kms()
        .createKey(
            room.provider.caller(),
            CreateKeyRequest.of(CmkSpec.HMAC_256).withAlias(new Alias("alias/mac")));
    KmsSecretKey mac = (KmsSecretKey) room.provider.key("mac");

    assertThrows(IllegalArgumentException.class, () -> FieldEncryptor.of(mac));
  }
}
