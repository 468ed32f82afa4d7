// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static dev.strongroom.kms.crypto.envelope.Messages.OPTIONS;
import static dev.strongroom.kms.crypto.envelope.Messages.plaintext;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.EncryptedDataKey;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages begin and end, also when they end early. */
class EnvelopeLifeTest {
  private static final List<EncryptedDataKey> COPIES =
      List.of(EncryptedDataKey.of("provider", new byte[3], new byte[4]));

  @Test
  void theSourceIsAskedOnceWithTheWholeContext() {
    List<EncryptionContext> asked = new ArrayList<>();
    MessageKeys.Source source =
        context -> {
          asked.add(context);
          return Messages.SOURCE.generate(context);
        };
    try (FrameWorkers workers = FrameWorkers.create(1);
        EnvelopeWriter writer = EnvelopeWriter.begin(workers, source, OPTIONS.signed())) {
      assertEquals(List.of(writer.header().context()), asked);
      assertEquals(3, asked.get(0).pairs().size());
    }
  }

  @Test
  void dataKeysAreZeroedAsSoonAsTheirMessageBegins() throws IOException {
    byte[] dataKey = plaintext(32);
    byte[] found = dataKey.clone();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (FrameWorkers workers = FrameWorkers.create(1)) {
      try (EnvelopeWriter writer =
          EnvelopeWriter.begin(workers, c -> MessageKeys.owning(dataKey, COPIES), OPTIONS)) {
        assertArrayEquals(new byte[32], dataKey);
        writer.finish(message);
      }
      try (EnvelopeReader reader =
          EnvelopeReader.begin(workers, (copies, c) -> found, EnvelopeLimits.DEFAULT)) {
        reader.update(message.toByteArray(), 0, message.size(), message);
        assertArrayEquals(new byte[32], found);
      }
    }
  }

  @Test
  void anotherDataKeyIsRefusedByTheCommitment() {
    byte[] message = Messages.encrypt(plaintext(100), OPTIONS);
    for (int length : new int[] {0, 16, 31, 32, 33}) {
      assertThrows(
          KmsException.InvalidCiphertext.class,
          () -> readWith((copies, context) -> new byte[length], message));
    }
  }

  @Test
  void whatTheOpenerThrowsReachesTheCaller() {
    byte[] message = Messages.encrypt(plaintext(100), OPTIONS);
    MessageKeys.Opener denying =
        (copies, context) -> {
          throw new KmsException.AccessDenied("no");
        };
    assertThrows(KmsException.AccessDenied.class, () -> readWith(denying, message));
  }

  @Test
  void theOpenerSeesTheContextAndTheCopies() throws IOException {
    byte[] message = Messages.encrypt(plaintext(100), OPTIONS);
    readWith(
        (copies, context) -> {
          assertEquals(Messages.CONTEXT, context);
          assertEquals("tests", copies.get(0).providerId());
          return Messages.OPENER.open(copies, context);
        },
        message);
  }

  private static void readWith(MessageKeys.Opener opener, byte[] message) throws IOException {
    try (FrameWorkers workers = FrameWorkers.create(1);
        EnvelopeReader reader = EnvelopeReader.begin(workers, opener, EnvelopeLimits.DEFAULT)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      reader.update(message, 0, message.length, out);
      reader.finish(out);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anOutputThatFailsEndsTheMessage(int threads) {
    byte[] plaintext = plaintext(3_000_000);
    try (FrameWorkers workers = FrameWorkers.create(threads);
        EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, OPTIONS)) {
      OutputStream full = new FullDisk(1_500_000);
      assertThrows(
          IOException.class,
          () -> {
            writer.update(plaintext, 0, plaintext.length, full);
            writer.finish(full);
          });
      assertThrows(IllegalStateException.class, () -> writer.update(plaintext, 0, 1, full));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anInputThatWasRefusedEndsTheMessage(int threads) {
    byte[] message = Messages.encrypt(plaintext(3_000_000), OPTIONS);
    message[2_000_000] ^= 1;
    try (FrameWorkers workers = FrameWorkers.create(threads);
        EnvelopeReader reader =
            EnvelopeReader.begin(workers, Messages.OPENER, EnvelopeLimits.DEFAULT)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThrows(
          KmsException.InvalidCiphertext.class,
          () -> {
            reader.update(message, 0, message.length, out);
            reader.finish(out);
          });
      assertThrows(IllegalStateException.class, () -> reader.finish(out));
    }
  }

  @Test
  void aMessageCanBeGivenUpAtAnyPoint() throws IOException {
    byte[] plaintext = plaintext(5_000_000);
    try (FrameWorkers workers = FrameWorkers.create(3)) {
      for (int length = 0; length < plaintext.length; length += 700_001) {
        try (EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, OPTIONS)) {
          writer.update(plaintext, 0, length, OutputStream.nullOutputStream());
        }
      }
      byte[] message = Messages.encrypt(workers, plaintext, OPTIONS);
      assertArrayEquals(plaintext, Messages.decrypt(message));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 65_536, 1_100_000, 5_000_000})
  void inputMayBeOverwrittenAsSoonAsItWasTaken(int piece) throws IOException {
    byte[] plaintext = plaintext(12_000_000);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FrameWorkers workers = FrameWorkers.create(3);
        EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, OPTIONS);
        EnvelopeReader reader =
            EnvelopeReader.begin(workers, Messages.OPENER, EnvelopeLimits.DEFAULT)) {
      inPieces(plaintext, piece, bytes -> writer.update(bytes, 0, bytes.length, message));
      writer.finish(message);
      inPieces(message.toByteArray(), piece, bytes -> reader.update(bytes, 0, bytes.length, out));
      reader.finish(out);
    }
    assertArrayEquals(plaintext, out.toByteArray());
  }

  /** Something that takes bytes. */
  @FunctionalInterface
  private interface Taker {
    void take(byte[] bytes) throws IOException;
  }

  private static void inPieces(byte[] all, int piece, Taker taker) throws IOException {
    for (int at = 0; at < all.length; at += piece) {
      byte[] bytes = Arrays.copyOfRange(all, at, Math.min(at + piece, all.length));
      taker.take(bytes);
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Test
  void messagesGoOnWhenTheirWorkersAreClosed() throws IOException {
    byte[] plaintext = plaintext(6_000_000);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    FrameWorkers workers = FrameWorkers.create(4);
    try (EnvelopeWriter writer = EnvelopeWriter.begin(workers, Messages.SOURCE, OPTIONS)) {
      writer.update(plaintext, 0, 3_000_000, message);
      workers.close();
      writer.update(plaintext, 3_000_000, 3_000_000, message);
      writer.finish(message);
    }
    assertArrayEquals(plaintext, Messages.decrypt(message.toByteArray()));
  }

  @Test
  void contextsThatOthersCannotReadAreNotWritten() {
    EncryptionContext empty = EncryptionContext.of(Map.of("tenant", ""));
    assertThrows(IllegalArgumentException.class, () -> EnvelopeOptions.of(empty));
  }

  @Test
  void frameLengthsAndLimitsHaveBounds() {
    for (int length : new int[] {-1, 0, (1 << 24) + 1}) {
      assertThrows(IllegalArgumentException.class, () -> OPTIONS.withFrameLength(length));
    }
    assertThrows(IllegalArgumentException.class, () -> new EnvelopeLimits(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new EnvelopeLimits(1 << 16, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new EnvelopeLimits(1, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new EnvelopeLimits(1, 1, Integer.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> FrameWorkers.create(0));
    assertThrows(IllegalArgumentException.class, () -> FrameWorkers.create(17));
  }

  @Test
  void neitherKeysNorPlaintextArePrinted() {
    byte[] dataKey = new byte[32];
    Arrays.fill(dataKey, (byte) 'k');
    try (MessageKeys keys = MessageKeys.owning(dataKey, COPIES)) {
      assertEquals("MessageKeys[[EncryptedDataKey[provider, 4 bytes]]]", keys.toString());
    }
  }

  /** Takes so many bytes, and then no more. */
  private static final class FullDisk extends OutputStream {
    private int free;

    FullDisk(int free) {
      this.free = free;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[1], 0, 1);
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      free -= length;
      if (free < 0) {
        throw new IOException("No space left on device");
      }
    }
  }
}
