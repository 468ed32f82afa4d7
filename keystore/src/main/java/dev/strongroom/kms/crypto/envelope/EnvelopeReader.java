// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameSink;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message, fed piece by piece: {@link #begin}, any number of {@link #update}s, {@link
 * #finish}. What it needs of memory does not depend on the length of the message.
 *
 * <p>Only plaintext that was verified is released: a frame when its tag is right and its number is
 * the next one, the last frame when the whole message is, at {@link #finish}. Whoever uses
 * plaintext before that knows that it is authentic, but neither that the message goes on as it
 * should, nor that the signature of a signed one is right; and must undo the use if {@code finish}
 * fails.
 *
 * <p>Fails with {@code KmsException.InvalidCiphertext}, which doesn't tell why; with {@code
 * UnsupportedOperation} for another format, version or suite; with {@code LimitExceeded} beyond the
 * limits; and with what the opener throws. After an exception the reader is closed. Close it also
 * when it was not finished: that ends its key. Not thread-safe.
 */
public final class EnvelopeReader implements AutoCloseable {
  private static final int FIRST_PIECE_BYTES = 1 << 13;

  private final FrameWorkers workers;
  private final MessageKeys.Opener opener;
  private final EnvelopeLimits limits;
  private final HeaderCollector start;
  private @Nullable MessageBody body;
  private long accepted;
  private long written;
  private boolean closed;

  private EnvelopeReader(FrameWorkers workers, MessageKeys.Opener opener, EnvelopeLimits limits) {
    this.workers = workers;
    this.opener = opener;
    this.limits = limits;
    this.start = new HeaderCollector(limits);
  }

  /**
   * Begins to read a message; {@code opener} is asked for the data key when the header is there.
   */
  public static EnvelopeReader begin(
      FrameWorkers workers, MessageKeys.Opener opener, EnvelopeLimits limits) {
    return new EnvelopeReader(workers, opener, limits);
  }

  /** Returns the header as soon as it was read and verified. */
  public Optional<MessageHeader> header() {
    return Optional.ofNullable(body).map(MessageBody::header);
  }

  /** Returns the most that {@link #update} and {@link #finish} will still write for more input. */
  public long outputSize(long moreBytes) {
    return accepted + moreBytes - written;
  }

  /**
   * Takes {@code length} bytes of the message and writes the plaintext that is ready and verified,
   * maybe nothing.
   *
   * @throws IllegalStateException if the reader is closed
   */
  public void update(byte[] in, int offset, int length, OutputStream out) throws IOException {
    Objects.checkFromIndexSize(offset, length, in.length);
    run(out, sink -> feed(ByteBuffer.wrap(in, offset, length), sink));
  }

  /**
   * As {@link #update}, of what one {@code read} of the stream gives, without a copy on the way.
   *
   * @return false at the end of the stream
   */
  boolean updateFrom(InputStream in, OutputStream out) throws IOException {
    boolean[] more = new boolean[1];
    run(out, sink -> more[0] = feedFrom(in, sink));
    return more[0];
  }

  /** Verifies that the message is whole, writes the rest of the plaintext, closes the reader. */
  public void finish(OutputStream out) throws IOException {
    run(out, this::finish);
    close();
  }

  /** A step of the message; where one fails, there is no next one. */
  @FunctionalInterface
  private interface Step {
    void run(FrameSink sink) throws IOException;
  }

  private void run(OutputStream out, Step step) throws IOException {
    if (closed) {
      throw new IllegalStateException(
          "The message is finished, or failed. Begin another EnvelopeReader for another message.");
    }
    boolean succeeded = false;
    try {
      step.run(
          bytes -> {
            written += bytes.remaining();
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
          });
      succeeded = true;
    } finally {
      if (!succeeded) {
        close();
      }
    }
  }

  private void feed(ByteBuffer in, FrameSink sink) throws IOException {
    accepted += in.remaining();
    if (body == null) {
      body = start.collect(in).map(this::unlock).orElse(null);
    }
    if (body != null) {
      body.feed(in, sink);
    }
  }

  private boolean feedFrom(InputStream in, FrameSink sink) throws IOException {
    if (body != null) {
      return body.feedFrom(in, sink);
    }
    byte[] piece = new byte[FIRST_PIECE_BYTES];
    int length = in.read(piece);
    feed(ByteBuffer.wrap(piece, 0, Math.max(length, 0)), sink);
    return length >= 0;
  }

  private MessageBody unlock(MessageHeader header) {
    MessageKey key = MessageKey.unlock(header, opener);
    boolean begun = false;
    try {
      MessageBody unlocked = new MessageBody(workers, header, key, limits);
      begun = true;
      return unlocked;
    } finally {
      if (!begun) {
        key.close();
      }
    }
  }

  private void finish(FrameSink sink) throws IOException {
    if (body == null) {
      throw new KmsException.InvalidCiphertext();
    }
    body.finish(sink);
  }

  /** Ends the message's key and wipes its buffers. */
  @Override
  public void close() {
    closed = true;
    if (body != null) {
      body.close();
    }
  }
}
