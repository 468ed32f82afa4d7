// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static dev.strongroom.kms.crypto.envelope.Messages.OPTIONS;
import static dev.strongroom.kms.crypto.envelope.Messages.plaintext;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever is done to a message, only plaintext of it is released, and never the end. */
class EnvelopeTamperingTest {
  private static final int FRAME = 48;
  private static final int WIRE = FRAME + 32;
  private static final byte[] PLAINTEXT = plaintext(3 * FRAME + 20);
  private static final byte[] MESSAGE = Messages.encrypt(PLAINTEXT, OPTIONS.withFrameLength(FRAME));
  private static final byte[] SIGNED =
      Messages.encrypt(PLAINTEXT, OPTIONS.withFrameLength(FRAME).signed());
  private static final int HEADER = Messages.headerLength(MESSAGE);

  @Test
  void everyBitOfTheHeaderIsProtected() {
    for (byte[] message : List.of(MESSAGE, SIGNED)) {
      for (int bit = 0; bit < 8 * Messages.headerLength(message); bit++) {
        assertEquals(0, released(flipped(message, bit)), "bit " + bit);
      }
    }
  }

  @Test
  void everyBitOfTheBodyIsProtected() {
    for (int bit = 8 * HEADER; bit < 8 * MESSAGE.length; bit++) {
      int frame = (bit / 8 - HEADER) / WIRE;
      assertTrue(released(flipped(MESSAGE, bit)) <= FRAME * Math.min(3, frame), "bit " + bit);
    }
  }

  @Test
  void everyBitOfASignedMessageIsProtected() {
    for (int bit = 8 * Messages.headerLength(SIGNED); bit < 8 * SIGNED.length; bit++) {
      assertTrue(released(flipped(SIGNED, bit)) <= 3 * FRAME, "bit " + bit);
    }
  }

  @Test
  void aMessageCutAnywhereIsRefused() {
    for (byte[] message : List.of(MESSAGE, SIGNED)) {
      for (int length = 0; length < message.length; length++) {
        assertTrue(released(Arrays.copyOf(message, length)) <= 3 * FRAME, "length " + length);
      }
    }
  }

  @Test
  void aMessageThatGoesOnIsRefused() {
    for (byte[] message : List.of(MESSAGE, SIGNED)) {
      for (int more : new int[] {1, 2, 16, WIRE, 5 * WIRE, 100_000}) {
        assertTrue(released(Arrays.copyOf(message, message.length + more)) <= 3 * FRAME);
      }
      assertTrue(released(concat(message, message)) <= 3 * FRAME);
    }
  }

  @Test
  void framesInAnotherOrderAreRefused() {
    byte[] swapped = concat(header(), frame(1), frame(0), frame(2), end());
    assertEquals(0, released(swapped));
    byte[] lastTwo = concat(header(), frame(0), frame(2), frame(1), end());
    assertEquals(FRAME, released(lastTwo));
  }

  @Test
  void aRepeatedFrameIsRefused() {
    assertEquals(
        2 * FRAME, released(concat(header(), frame(0), frame(1), frame(1), frame(2), end())));
    assertEquals(3 * FRAME, released(concat(header(), frame(0), frame(1), frame(2), end(), end())));
  }

  @Test
  void aMissingFrameIsRefused() {
    assertEquals(0, released(concat(header(), frame(1), frame(2), end())));
    assertEquals(2 * FRAME, released(concat(header(), frame(0), frame(1), end())));
    assertEquals(3 * FRAME, released(concat(header(), frame(0), frame(1), frame(2))));
    assertEquals(0, released(header()));
  }

  @Test
  void aRenumberedFrameIsRefused() {
    byte[] second = frame(1);
    second[3] = 1;
    second[15] = 1;
    assertEquals(0, released(concat(header(), second, frame(2), end())));
  }

  @Test
  void aFrameIsNotTakenForTheLastOne() {
    byte[] frame = frame(0);
    byte[] last =
        concat(
            new byte[] {-1, -1, -1, -1},
            Arrays.copyOf(frame, 16),
            new byte[] {0, 0, 0, FRAME},
            Arrays.copyOfRange(frame, 16, WIRE));
    assertEquals(0, released(concat(header(), last)));
  }

  @Test
  void framesOfAnotherMessageAreRefused() {
    byte[] other = Messages.encrypt(PLAINTEXT, OPTIONS.withFrameLength(FRAME));
    byte[] foreign = Arrays.copyOfRange(other, HEADER, HEADER + WIRE);
    assertEquals(0, released(concat(header(), foreign, frame(1), frame(2), end())));
    byte[] foreignEnd = Arrays.copyOfRange(other, HEADER + 3 * WIRE, other.length);
    assertEquals(3 * FRAME, released(concat(header(), frame(0), frame(1), frame(2), foreignEnd)));
    assertEquals(0, released(concat(header(), Arrays.copyOfRange(other, HEADER, other.length))));
  }

  @Test
  void theCommitmentOfAnotherMessageIsRefused() {
    byte[] other = Messages.encrypt(PLAINTEXT, OPTIONS.withFrameLength(FRAME));
    byte[] mixed = MESSAGE.clone();
    System.arraycopy(other, HEADER - 48, mixed, HEADER - 48, 32);
    assertEquals(0, released(mixed));
    System.arraycopy(other, HEADER - 48, mixed, HEADER - 48, 48);
    assertEquals(0, released(mixed), "with the tag");
  }

  @Test
  void theFooterOfAnotherMessageIsRefused() {
    int body = Messages.headerLength(SIGNED) + 3 * WIRE + 40 + 20;
    byte[] other = Messages.encrypt(PLAINTEXT, OPTIONS.withFrameLength(FRAME).signed());
    byte[] mixed =
        concat(Arrays.copyOf(SIGNED, body), Arrays.copyOfRange(other, body, other.length));
    assertEquals(3 * FRAME, released(mixed));
    assertEquals(3 * FRAME, released(Arrays.copyOf(SIGNED, body)), "without a footer");
  }

  @Test
  void aSignatureIsTakenInOneEncodingOnly() {
    int body = Messages.headerLength(SIGNED) + 3 * WIRE + 40 + 20;
    byte[] der = Arrays.copyOfRange(SIGNED, body + 2, SIGNED.length);
    // A leading zero that r does not need.
    byte[] longer =
        concat(new byte[] {0x30, (byte) (der[1] + 1), 2, (byte) (der[3] + 1), 0}, rest(der));
    byte[] footer = concat(new byte[] {0, (byte) longer.length}, longer);
    assertEquals(3 * FRAME, released(concat(Arrays.copyOf(SIGNED, body), footer)));
    // The length of the sequence in long form.
    byte[] longForm =
        concat(new byte[] {0x30, (byte) 0x81}, Arrays.copyOfRange(der, 1, der.length));
    byte[] second = concat(new byte[] {0, (byte) longForm.length}, longForm);
    assertEquals(3 * FRAME, released(concat(Arrays.copyOf(SIGNED, body), second)));
  }

  private static byte[] rest(byte[] der) {
    return Arrays.copyOfRange(der, 4, der.length);
  }

  @Test
  void aChangedContextIsRefused() {
    byte[] message = MESSAGE.clone();
    int at = new String(message, StandardCharsets.ISO_8859_1).indexOf("tenant");
    message[at + "tenant".length() + 2] = 'b';
    assertEquals(0, released(message));
    assertEquals(
        EncryptionContext.of(Map.of("tenant", "a", "file", "report.pdf")), Messages.CONTEXT);
  }

  @Test
  void aLateFrameOfALongMessageIsProtectedToo() {
    byte[] plaintext = plaintext(4_000_000);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(1024));
    message[3_500_000] ^= 1;
    int frame = (3_500_000 - Messages.headerLength(message)) / (1024 + 32);
    for (int threads : new int[] {1, 2, 4}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (FrameWorkers workers = FrameWorkers.create(threads)) {
        assertThrows(
            KmsException.InvalidCiphertext.class, () -> Messages.decryptTo(workers, out, message));
      }
      assertTrue(out.size() <= frame * 1024);
      assertArrayEquals(Arrays.copyOf(plaintext, out.size()), out.toByteArray());
    }
  }

  @Property(tries = 3000)
  void noDamageGivesAnythingButTheRefusal(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll boolean signed,
      @ForAll @IntRange(max = 10_000) int where,
      @ForAll byte value) {
    byte[] message = signed ? SIGNED : MESSAGE;
    int at = where % message.length;
    byte[] damaged = damage(kind, message, at, value);
    if (!Arrays.equals(damaged, message)) {
      assertTrue(released(damaged) <= 3 * FRAME);
    }
  }

  @Property(tries = 500)
  void noiseIsRefused(@ForAll byte[] noise) {
    assertEquals(0, released(noise));
    assertEquals(0, released(concat(new byte[] {2, 4, 0x78}, noise)));
  }

  private static byte[] damage(int kind, byte[] message, int at, byte value) {
    byte[] start = Arrays.copyOf(message, at);
    byte[] end = Arrays.copyOfRange(message, at, message.length);
    byte[] one = {value};
    return switch (kind) {
      case 0 -> concat(start, one, end);
      case 1 ->
          concat(start, Arrays.copyOfRange(end, Math.min(end.length, value & 0xFF), end.length));
      case 2 -> concat(start, one, Arrays.copyOfRange(end, 1, end.length));
      case 3 -> concat(end, start);
      case 4 -> concat(start, start, end);
      default ->
          concat(
              start,
              new byte[Math.min(end.length, 4)],
              Arrays.copyOfRange(end, Math.min(end.length, 4), end.length));
    };
  }

  /** Returns how much was released; checks that it is plaintext, and that the refusal is mute. */
  private static int released(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    KmsException refusal = assertThrows(KmsException.class, () -> Messages.decryptTo(out, message));
    assertTrue(
        refusal instanceof KmsException.InvalidCiphertext
            || refusal instanceof KmsException.UnsupportedOperation
            || refusal instanceof KmsException.LimitExceeded);
    assertArrayEquals(Arrays.copyOf(PLAINTEXT, out.size()), out.toByteArray());
    return out.size();
  }

  private static byte[] flipped(byte[] message, int bit) {
    byte[] flipped = message.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  private static byte[] header() {
    return Arrays.copyOf(MESSAGE, HEADER);
  }

  private static byte[] frame(int index) {
    return Arrays.copyOfRange(MESSAGE, HEADER + index * WIRE, HEADER + (index + 1) * WIRE);
  }

  private static byte[] end() {
    return Arrays.copyOfRange(MESSAGE, HEADER + 3 * WIRE, MESSAGE.length);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
