// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static dev.strongroom.kms.crypto.envelope.Messages.OPTIONS;
import static dev.strongroom.kms.crypto.envelope.Messages.plaintext;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any part of a message is read alone, and none that was changed. */
class EnvelopeRandomAccessTest {
  private static final int FRAME = 100;
  private static final int WIRE = FRAME + 32;

  @TempDir private Path folder = Path.of("");

  private static EnvelopeRandomAccess open(SeekableByteChannel channel) throws IOException {
    return EnvelopeRandomAccess.open(channel, Messages.OPENER, EnvelopeLimits.DEFAULT);
  }

  private EnvelopeRandomAccess open(byte[] message) throws IOException {
    return open(FileChannel.open(Files.write(folder.resolve("message"), message)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FRAME - 1, FRAME, FRAME + 1, 7 * FRAME, 7 * FRAME + 3})
  void theSizeAndTheWholeAreThose(int length) throws IOException {
    byte[] plaintext = plaintext(length);
    for (EnvelopeOptions options : new EnvelopeOptions[] {OPTIONS, OPTIONS.signed()}) {
      byte[] message = Messages.encrypt(plaintext, options.withFrameLength(FRAME));
      try (EnvelopeRandomAccess access = open(message)) {
        assertEquals(length, access.size());
        assertArrayEquals(plaintext, Channels.newInputStream(access).readAllBytes());
        assertEquals(Messages.CONTEXT, MessageContext.withoutReserved(access.header().context()));
      }
    }
  }

  @Property(tries = 100)
  void everyRangeIsThatOfThePlaintext(
      @ForAll @IntRange(max = 3000) int length,
      @ForAll @IntRange(min = 1, max = 500) int frameLength,
      @ForAll Random random)
      throws IOException {
    byte[] plaintext = plaintext(length);
    Path file = Files.createTempFile("message", null);
    Files.write(file, Messages.encrypt(plaintext, OPTIONS.withFrameLength(frameLength)));
    try (EnvelopeRandomAccess access = open(FileChannel.open(file))) {
      for (int i = 0; i < 20; i++) {
        int from = random.nextInt(length + 1);
        ByteBuffer target = ByteBuffer.allocate(random.nextInt(1000));
        int read = access.position(from).read(target);
        int expected = Math.min(target.capacity(), length - from);
        assertEquals(from == length ? -1 : expected, read);
        assertArrayEquals(
            Arrays.copyOfRange(plaintext, from, from + expected),
            Arrays.copyOf(target.array(), target.position()));
        assertEquals(from + expected, access.position());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aDamagedFrameSpoilsOnlyItself() throws IOException {
    byte[] plaintext = plaintext(5 * FRAME);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(FRAME));
    message[Messages.headerLength(message) + 2 * WIRE + 50] ^= 1;
    try (EnvelopeRandomAccess access = open(message)) {
      ByteBuffer target = ByteBuffer.allocate(5 * FRAME);
      assertThrows(KmsException.InvalidCiphertext.class, () -> access.read(target));
      assertEquals(2 * FRAME, target.position());
      assertThrows(KmsException.InvalidCiphertext.class, () -> access.read(target));
      assertEquals(2 * FRAME, access.position(3 * FRAME).read(target.clear()));
      assertArrayEquals(
          Arrays.copyOfRange(plaintext, 3 * FRAME, 5 * FRAME),
          Arrays.copyOf(target.array(), 2 * FRAME));
    }
  }

  @Test
  void exchangedFramesAreRefused() throws IOException {
    byte[] message = Messages.encrypt(plaintext(5 * FRAME), OPTIONS.withFrameLength(FRAME));
    int first = Messages.headerLength(message);
    byte[] exchanged = message.clone();
    System.arraycopy(message, first, exchanged, first + WIRE, WIRE);
    try (EnvelopeRandomAccess access = open(exchanged)) {
      ByteBuffer target = ByteBuffer.allocate(10);
      assertEquals(10, access.read(target));
      access.position(FRAME);
      assertThrows(KmsException.InvalidCiphertext.class, () -> access.read(target.clear()));
    }
  }

  @Test
  void aMessageOfAnotherLengthIsNotOpened() {
    for (EnvelopeOptions options : new EnvelopeOptions[] {OPTIONS, OPTIONS.signed()}) {
      byte[] message = Messages.encrypt(plaintext(320), options.withFrameLength(FRAME));
      for (int length = 0; length < message.length; length++) {
        byte[] cut = Arrays.copyOf(message, length);
        assertThrows(KmsException.InvalidCiphertext.class, () -> open(cut).close());
      }
      for (int more : new int[] {1, WIRE, 2 * WIRE, 1000}) {
        byte[] longer = Arrays.copyOf(message, message.length + more);
        assertThrows(KmsException.InvalidCiphertext.class, () -> open(longer).close());
      }
    }
  }

  @Test
  void wholeFramesCannotBeTakenOut() {
    byte[] message = Messages.encrypt(plaintext(5 * FRAME), OPTIONS.withFrameLength(FRAME));
    int first = Messages.headerLength(message);
    byte[] shorter = Arrays.copyOf(message, message.length - WIRE);
    System.arraycopy(message, first + WIRE, shorter, first, message.length - first - WIRE);
    assertThrows(KmsException.InvalidCiphertext.class, () -> open(shorter).close());
  }

  @Test
  void everyBitOfTheHeaderTheLastFrameAndTheFooterIsChecked() {
    byte[] message =
        Messages.encrypt(plaintext(2 * FRAME + 9), OPTIONS.withFrameLength(FRAME).signed());
    int body = Messages.headerLength(message);
    for (int i = 0; i < message.length; i++) {
      byte[] damaged = message.clone();
      damaged[i] ^= 0x10;
      KmsException refusal =
          assertThrows(KmsException.class, () -> open(damaged).close(), "byte " + i);
      assertTrue(i < body || refusal instanceof KmsException.InvalidCiphertext);
    }
  }

  @Test
  void itReadsOnlyAndEndsWithItsChannel() throws IOException {
    byte[] message = Messages.encrypt(plaintext(10), OPTIONS);
    EnvelopeRandomAccess access = open(message);
    assertThrows(NonWritableChannelException.class, () -> access.write(ByteBuffer.allocate(1)));
    assertThrows(NonWritableChannelException.class, () -> access.truncate(1));
    assertThrows(IllegalArgumentException.class, () -> access.position(-1));
    assertTrue(access.isOpen());
    access.close();
    access.close();
    assertFalse(access.isOpen());
    assertThrows(ClosedChannelException.class, () -> access.read(ByteBuffer.allocate(1)));
    assertThrows(ClosedChannelException.class, access::size);
  }
}
