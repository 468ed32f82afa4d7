// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Encrypts and decrypts whole streams and channels. Neither is closed, and the output is not
 * flushed. Thread-safe; each call is one message.
 */
public final class EnvelopeStreams {
  private final FrameWorkers workers;
  private final EnvelopeLimits limits;

  /**
   * @param workers stay the caller's to close
   * @param limits for messages that are read
   */
  public EnvelopeStreams(FrameWorkers workers, EnvelopeLimits limits) {
    this.workers = workers;
    this.limits = limits;
  }

  /**
   * Writes all that {@code in} has as one message. What {@code out} got is useless if this fails.
   */
  public MessageHeader encrypt(
      InputStream in, OutputStream out, MessageKeys.Source source, EnvelopeOptions options)
      throws IOException {
    try (EnvelopeWriter writer = EnvelopeWriter.begin(workers, source, options)) {
      while (writer.updateFrom(in, out)) {}
      writer.finish(out);
      return writer.header();
    }
  }

  /** As {@link #encrypt(InputStream, OutputStream, MessageKeys.Source, EnvelopeOptions)}. */
  public MessageHeader encrypt(
      ReadableByteChannel in,
      WritableByteChannel out,
      MessageKeys.Source source,
      EnvelopeOptions options)
      throws IOException {
    return encrypt(Channels.newInputStream(in), Channels.newOutputStream(out), source, options);
  }

  /**
   * Reads one message, which {@code in} has to end with, and returns its verified header.
   *
   * <p>Plaintext goes to {@code out} while the message is read; it is authentic, but if this fails,
   * the message is not whole and what {@code out} got must not be used (see {@link EnvelopeReader},
   * also for the exceptions).
   */
  public MessageHeader decrypt(InputStream in, OutputStream out, MessageKeys.Opener opener)
      throws IOException {
    try (EnvelopeReader reader = EnvelopeReader.begin(workers, opener, limits)) {
      while (reader.updateFrom(in, out)) {}
      reader.finish(out);
      return reader.header().orElseThrow();
    }
  }

  /** As {@link #decrypt(InputStream, OutputStream, MessageKeys.Opener)}. */
  public MessageHeader decrypt(
      ReadableByteChannel in, WritableByteChannel out, MessageKeys.Opener opener)
      throws IOException {
    return decrypt(Channels.newInputStream(in), Channels.newOutputStream(out), opener);
  }
}
