// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import dev.strongroom.kms.crypto.envelope.keyring.RawAesKeyring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;

/** Messages under one raw AES key, and what can be done to them in memory. */
final class Messages {
  static final EncryptionContext CONTEXT =
      EncryptionContext.of(Map.of("tenant", "a", "file", "report.pdf"));
  static final EnvelopeOptions OPTIONS = EnvelopeOptions.of(CONTEXT);

  private static final List<Keyring> KEYRINGS =
      List.of(RawAesKeyring.of("tests", "key-1", new SecretKeySpec(new byte[32], "AES")));
  static final MessageKeys.Source SOURCE = Keyring.source(KEYRINGS);
  static final MessageKeys.Opener OPENER = Keyring.opener(KEYRINGS);

  private Messages() {}

  /** Returns bytes of which no two short runs are alike. */
  static byte[] plaintext(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static byte[] encrypt(byte[] plaintext, EnvelopeOptions options) {
    try (FrameWorkers alone = FrameWorkers.create(1)) {
      return encrypt(alone, plaintext, options);
    }
  }

  static byte[] encrypt(FrameWorkers workers, byte[] plaintext, EnvelopeOptions options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EnvelopeWriter writer = EnvelopeWriter.begin(workers, SOURCE, options)) {
      writer.update(plaintext, 0, plaintext.length, out);
      writer.finish(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] decrypt(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    decryptTo(out, message);
    return out.toByteArray();
  }

  /** Leaves in {@code out} what was released, also where the message is refused. */
  static void decryptTo(ByteArrayOutputStream out, byte[] message) {
    try (FrameWorkers alone = FrameWorkers.create(1)) {
      decryptTo(alone, out, message);
    }
  }

  static void decryptTo(FrameWorkers workers, ByteArrayOutputStream out, byte[] message) {
    try (EnvelopeReader reader = EnvelopeReader.begin(workers, OPENER, EnvelopeLimits.DEFAULT)) {
      reader.update(message, 0, message.length, out);
      reader.finish(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int headerLength(byte[] message) {
    byte[] copy = message.clone();
    return new HeaderParser(EnvelopeLimits.DEFAULT).lengthNeeded(copy, copy.length);
  }
}
