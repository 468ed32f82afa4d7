// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static dev.strongroom.kms.crypto.envelope.Messages.OPTIONS;
import static dev.strongroom.kms.crypto.envelope.Messages.plaintext;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again, whatever its length and however it is fed. */
class EnvelopeRoundTripTest {
  private static final int FRAME = 4096;

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 17 * FRAME + 5, 600 * FRAME, 3_000_001})
  void everyLengthIsReadAgain(int length) {
    byte[] plaintext = plaintext(length);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(FRAME));
    assertArrayEquals(plaintext, Messages.decrypt(message));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FRAME, FRAME + 1, 5 * FRAME, 2_000_000})
  void everyLengthIsReadAgainWhenSigned(int length) {
    byte[] plaintext = plaintext(length);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(FRAME).signed());
    assertArrayEquals(plaintext, Messages.decrypt(message));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 15, 16, 17, 1000, 65536, 1 << 20, 1 << 24})
  void everyFrameLengthIsReadAgain(int frameLength) {
    byte[] plaintext = plaintext(70_000);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(frameLength));
    assertArrayEquals(plaintext, Messages.decrypt(message));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 16})
  void everyNumberOfThreadsGivesTheSame(int threads) {
    byte[] plaintext = plaintext(9_000_003);
    try (FrameWorkers workers = FrameWorkers.create(threads)) {
      byte[] message = Messages.encrypt(workers, plaintext, OPTIONS);
      assertArrayEquals(plaintext, Messages.decrypt(message));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Messages.decryptTo(workers, out, message);
      assertArrayEquals(plaintext, out.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, (1 << 20) - 32, 1 << 20, 3_000_000, 1 << 24})
  void longMessagesOfAnyFrameLengthAreReadAgain(int frameLength) {
    byte[] plaintext = plaintext(frameLength == 1 ? 200_000 : 9_000_003);
    try (FrameWorkers workers = FrameWorkers.create(3)) {
      EnvelopeOptions options = OPTIONS.withFrameLength(frameLength);
      byte[] message = Messages.encrypt(workers, plaintext, options);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Messages.decryptTo(workers, out, message);
      assertArrayEquals(plaintext, out.toByteArray());
    }
  }

  @Test
  void anExactMultipleOfTheFrameLengthEndsWithAFullFrame() {
    byte[] message = Messages.encrypt(plaintext(3 * FRAME), OPTIONS.withFrameLength(FRAME));
    int header = Messages.headerLength(message);
    assertEquals(header + 2 * (FRAME + 32) + FRAME + 40, message.length);
  }

  @Test
  void theSamePlaintextNeverGivesTheSameMessage() {
    byte[] plaintext = plaintext(100);
    byte[] first = Messages.encrypt(plaintext, OPTIONS);
    byte[] second = Messages.encrypt(plaintext, OPTIONS);
    assertFalse(Arrays.equals(first, second));
    assertFalse(Arrays.equals(first, 3, 35, second, 3, 35), "message ids");
  }

  @Property(tries = 60)
  void piecesOfAnySizeGiveTheSame(
      @ForAll @IntRange(max = 200_000) int length,
      @ForAll @IntRange(min = 1, max = 5000) int frameLength,
      @ForAll boolean signed,
      @ForAll Random random)
      throws IOException {
    byte[] plaintext = plaintext(length);
    EnvelopeOptions options = OPTIONS.withFrameLength(frameLength);
    try (FrameWorkers workers = FrameWorkers.create(2)) {
      byte[] message =
          encryptInPieces(workers, plaintext, signed ? options.signed() : options, random);
      assertArrayEquals(plaintext, decryptInPieces(workers, message, random));
      assertArrayEquals(plaintext, Messages.decrypt(message));
    }
  }

  @Property(tries = 8)
  void piecesOfLongMessagesGiveTheSame(
      @ForAll @IntRange(min = 1_000_000, max = 6_000_000) int length, @ForAll Random random)
      throws IOException {
    byte[] plaintext = plaintext(length);
    try (FrameWorkers workers = FrameWorkers.create(3)) {
      byte[] message = encryptInPieces(workers, plaintext, OPTIONS.withFrameLength(3001), random);
      assertArrayEquals(plaintext, decryptInPieces(workers, message, random));
    }
  }

  private static byte[] encryptInPieces(
      FrameWorkers workers, byte[] plaintext, EnvelopeOptions options, Random random)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, options)) {
      for (int at = 0; at < plaintext.length; ) {
        int length = pieceLength(random, plaintext.length - at);
        long bound = out.size() + writer.outputSize(length);
        writer.update(plaintext, at, length, out);
        assertTrue(out.size() <= bound);
        at += length;
      }
      long bound = out.size() + writer.outputSize(0);
      writer.finish(out);
      assertTrue(out.size() <= bound);
    }
    return out.toByteArray();
  }

  private static byte[] decryptInPieces(FrameWorkers workers, byte[] message, Random random)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EnvelopeReader reader =
        EnvelopeReader.begin(workers, Messages.OPENER, EnvelopeLimits.DEFAULT)) {
      for (int at = 0; at < message.length; ) {
        int length = pieceLength(random, message.length - at);
        long bound = out.size() + reader.outputSize(length);
        reader.update(message, at, length, out);
        assertTrue(out.size() <= bound);
        at += length;
      }
      reader.finish(out);
    }
    return out.toByteArray();
  }

  // Short and long pieces, and some of no length at all.
  private static int pieceLength(Random random, int rest) {
    int most = 1 << random.nextInt(20);
    return Math.min(rest, random.nextInt(most + 1));
  }

  @Test
  void aMessageFedByteByByteIsReadAgain() throws IOException {
    byte[] plaintext = plaintext(3 * 64 + 5);
    byte[] message = Messages.encrypt(plaintext, OPTIONS.withFrameLength(64).signed());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FrameWorkers workers = FrameWorkers.create(1);
        EnvelopeReader reader =
            EnvelopeReader.begin(workers, Messages.OPENER, EnvelopeLimits.DEFAULT)) {
      for (int i = 0; i < message.length; i++) {
        reader.update(message, i, 1, out);
      }
      assertEquals(3 * 64, out.size(), "all frames but the last are released as they come");
      reader.finish(out);
    }
    assertArrayEquals(plaintext, out.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65536, 65537, 5_000_000})
  void streamsAreEncryptedAndDecrypted(int length) throws IOException {
    byte[] plaintext = plaintext(length);
    try (FrameWorkers workers = FrameWorkers.create()) {
      EnvelopeStreams streams = new EnvelopeStreams(workers, EnvelopeLimits.DEFAULT);
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      streams.encrypt(new ByteArrayInputStream(plaintext), message, Messages.SOURCE, OPTIONS);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MessageHeader header =
          streams.decrypt(new ByteArrayInputStream(message.toByteArray()), out, Messages.OPENER);
      assertArrayEquals(plaintext, out.toByteArray());
      assertEquals(Messages.CONTEXT, header.context());
      assertEquals(65536, header.frameLength());
    }
  }

  @Test
  void theHeaderIsThereAsSoonAsItWasRead() throws IOException {
    byte[] message = Messages.encrypt(plaintext(10), OPTIONS.signed());
    int header = Messages.headerLength(message);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FrameWorkers workers = FrameWorkers.create(1);
        EnvelopeReader reader =
            EnvelopeReader.begin(workers, Messages.OPENER, EnvelopeLimits.DEFAULT)) {
      reader.update(message, 0, header - 1, out);
      assertTrue(reader.header().isEmpty());
      reader.update(message, header - 1, 1, out);
      EncryptionContext context = reader.header().orElseThrow().context();
      assertEquals(3, context.pairs().size(), "the caller's two and the public key");
      assertEquals(Messages.CONTEXT, MessageContext.withoutReserved(context));
    }
  }

  @Test
  void namesOfTheFormatAreRefusedInContexts() {
    EncryptionContext context = EncryptionContext.of(Map.of("aws-crypto-public-key", "x"));
    assertThrows(IllegalArgumentException.class, () -> EnvelopeOptions.of(context));
  }

  @Test
  void aFinishedWriterTakesNoMore() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FrameWorkers workers = FrameWorkers.create(1);
        EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, OPTIONS)) {
      writer.finish(out);
      assertThrows(IllegalStateException.class, () -> writer.update(new byte[1], 0, 1, out));
      assertThrows(IllegalStateException.class, () -> writer.finish(out));
    }
  }
}
