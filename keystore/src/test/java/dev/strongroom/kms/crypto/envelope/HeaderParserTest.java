// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static dev.strongroom.kms.crypto.envelope.Messages.OPTIONS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers have one form, and nothing is believed beyond the limits. */
class HeaderParserTest {
  private static final HeaderParser PARSER = new HeaderParser(EnvelopeLimits.DEFAULT);
  private static final byte[] NO_CONTEXT = new byte[0];
  private static final byte[] COPY = {0, 1, 'p', 0, 1, 'i', 0, 1, 'c'};

  /** Writes a header by hand, so that the parser is not judged by our own writer. */
  private static byte[] header(byte[] context, int copies, UnaryOperator<ByteBuffer> end) {
    ByteBuffer out = ByteBuffer.allocate(70_000).put((byte) 2).putShort((short) 0x0478);
    out.put(new byte[32]).putShort((short) context.length).put(context);
    out.putShort((short) copies);
    for (int i = 0; i < Math.min(copies, 200); i++) {
      out.put(COPY);
    }
    end.apply(out).put(new byte[48]);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] header(byte[] context) {
    return header(context, 1, out -> out.put((byte) 2).putInt(4096));
  }

  private static MessageHeader parse(byte[] header) {
    assertEquals(header.length, PARSER.lengthNeeded(header, header.length));
    return PARSER.parse(header);
  }

  @Test
  void aHeaderWrittenByHandIsRead() {
    byte[] context = EncryptionContext.of(Map.of("a", "b", "Ä", "ö")).toAad();
    MessageHeader header = parse(header(context, 2, out -> out.put((byte) 2).putInt(4096)));
    assertEquals(Map.of("a", "b", "Ä", "ö"), header.context().pairs());
    assertEquals(2, header.encryptedDataKeys().size());
    assertEquals("p", header.encryptedDataKeys().get(0).providerId());
    assertEquals("i", header.encryptedDataKeys().get(0).providerInfoText());
    assertArrayEquals(new byte[] {'c'}, header.encryptedDataKeys().get(1).ciphertext());
    assertEquals(4096, header.frameLength());
    assertTrue(header.isFramed());
  }

  @Test
  void theLengthIsLearntStepByStepAndNeverOvershot() {
    byte[] header = header(EncryptionContext.of(Map.of("a", "b")).toAad());
    int steps = 0;
    for (int have = 0; have < header.length; ) {
      int needed = PARSER.lengthNeeded(header, have);
      assertTrue(needed > have && needed <= header.length);
      have = needed;
      steps++;
    }
    assertTrue(steps < 10, "steps: " + steps);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000", // no pairs have no bytes
        "0001", // a pair is missing
        "000100016100016262", // a byte too much
        "00010000000162", // an empty name
        "0001000161ffff62", // longer than there is
        "00020001620001620001610001", // cut
        "0002000162000162000161000161", // not sorted
        "0002000161000161000161000162", // a name twice
        "0001000180000162", // not UTF-8
        "0001000161000180",
        "000100016100016200",
      })
  void aContextOfAnotherFormIsRefused(String hex) {
    byte[] context = HexFormat.of().parseHex(hex);
    assertThrows(KmsException.InvalidCiphertext.class, () -> parse(header(context)));
  }

  @Test
  void contentTypeAndFrameLengthMustFit() {
    for (long typeAndLength :
        new long[] {0x0200000000L, 0x0100001000L, 0x0000001000L, 0x0300001000L}) {
      byte[] header =
          header(
              NO_CONTEXT,
              1,
              out -> out.put((byte) (typeAndLength >> 32)).putInt((int) typeAndLength));
      assertThrows(KmsException.InvalidCiphertext.class, () -> parse(header));
    }
    assertEquals(0, parse(header(NO_CONTEXT, 1, out -> out.put((byte) 1).putInt(0))).frameLength());
  }

  @Test
  void aHeaderWithoutDataKeysIsRefused() {
    byte[] header = header(NO_CONTEXT, 0, out -> out.put((byte) 2).putInt(4096));
    assertThrows(KmsException.InvalidCiphertext.class, () -> parse(header));
  }

  @Test
  void aPublicKeyIsInTheContextOfSignedMessagesOnly() {
    byte[] unsigned = header(EncryptionContext.of(Map.of("aws-crypto-public-key", "x")).toAad());
    assertThrows(KmsException.InvalidCiphertext.class, () -> parse(unsigned));
    byte[] signed = header(NO_CONTEXT);
    signed[1] = 5;
    assertThrows(KmsException.InvalidCiphertext.class, () -> parse(signed));
  }

  @Test
  void limitsAreNamedInTheRefusal() {
    byte[] manyKeys = header(NO_CONTEXT, 101, out -> out.put((byte) 2).putInt(4096));
    assertRefused("101 encrypted data keys", "at most 100", manyKeys);
    byte[] longFrame = header(NO_CONTEXT, 1, out -> out.put((byte) 2).putInt(-1));
    assertRefused("4294967295 bytes in a frame", "at most 16777216", longFrame);
    EnvelopeLimits wide = new EnvelopeLimits(101, 1 << 20, 1 << 24);
    assertEquals(101, new HeaderParser(wide).parse(manyKeys).encryptedDataKeys().size());
    EnvelopeLimits narrow = new EnvelopeLimits(101, 1000, 1 << 24);
    assertThrows(
        KmsException.LimitExceeded.class,
        () -> new HeaderParser(narrow).lengthNeeded(manyKeys, manyKeys.length));
  }

  private static void assertRefused(String claim, String limit, byte[] header) {
    KmsException refusal = assertThrows(KmsException.LimitExceeded.class, () -> parse(header));
    assertTrue(refusal.toString().contains(claim), refusal.toString());
    assertTrue(refusal.toString().contains(limit), refusal.toString());
  }

  @Test
  void otherFormatsAreNamedInTheRefusal() {
    assertUnsupported("version 1", 1, 0x80);
    assertUnsupported("Base64", 'A', 'g');
    assertUnsupported("begins with byte 7f", 0x7F, 'E');
    assertUnsupported("0x0178", 2, 1, 0x78);
    assertUnsupported("0x0000", 2, 0, 0);
  }

  private static void assertUnsupported(String reason, int... start) {
    byte[] bytes = new byte[start.length];
    for (int i = 0; i < start.length; i++) {
      bytes[i] = (byte) start[i];
    }
    KmsException refusal =
        assertThrows(
            KmsException.UnsupportedOperation.class,
            () -> PARSER.lengthNeeded(bytes, bytes.length));
    assertTrue(refusal.toString().contains(reason), refusal.toString());
  }

  @Test
  void ourOwnHeaderIsThatOfTheSpecification() {
    byte[] message = Messages.encrypt(new byte[1], OPTIONS.withFrameLength(0x00FE0304));
    int end = Messages.headerLength(message);
    byte[] context = Messages.CONTEXT.toAad();
    byte[] start = {2, 4, 0x78};
    assertArrayEquals(start, Arrays.copyOf(message, 3));
    assertEquals(context.length, ByteBuffer.wrap(message).getShort(35));
    assertArrayEquals(context, Arrays.copyOfRange(message, 37, 37 + context.length));
    byte[] copies = "\0\1\0\5tests\0\31key-1".getBytes(StandardCharsets.ISO_8859_1);
    int at = 37 + context.length;
    assertArrayEquals(copies, Arrays.copyOfRange(message, at, at + copies.length));
    byte[] contentType = {2, 0, (byte) 0xFE, 3, 4};
    assertArrayEquals(contentType, Arrays.copyOfRange(message, end - 53, end - 48));
  }
}
