// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.SystemRandom;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher;
import dev.strongroom.kms.crypto.envelope.frame.FrameFormat;
import dev.strongroom.kms.crypto.envelope.frame.FrameSink;
import dev.strongroom.kms.crypto.envelope.frame.FrameStream;
import dev.strongroom.kms.crypto.envelope.frame.FrameTask;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message, fed piece by piece: {@link #begin}, any number of {@link #update}s, {@link
 * #finish}. What it needs of memory does not depend on the length of the message.
 *
 * <p>The first MiB is sealed in the caller's thread, what follows by the workers, so that output
 * may come some calls after its input. After an exception the message is lost and the writer
 * closed. Close it also when it was not finished: that ends its key. Not thread-safe.
 */
public final class EnvelopeWriter implements AutoCloseable {

  private final MessageHeader header;
  private final MessageKey key;
  private final @Nullable MessageSignature signature;
  private final FrameStream frames;
  private long accepted;
  private long written;
  private boolean closed;

  private EnvelopeWriter(
      FrameWorkers workers,
      MessageHeader header,
      MessageKey key,
      @Nullable MessageSignature signature) {
    this.header = header;
    this.key = key;
    this.signature = signature;
    this.frames =
        new FrameStream(workers, new FrameTask.Seal(header.frameLength()), key::frameCipher);
  }

  /** Begins a message: asks {@code source} for a data key, once and with the whole context. */
  public static EnvelopeWriter begin(
      FrameWorkers workers, MessageKeys.Source source, EnvelopeOptions options) {
    MessageSignature signature = options.suite().isSigned() ? MessageSignature.signing() : null;
    EncryptionContext context =
        signature == null
            ? options.context()
            : MessageContext.withPublicKey(options.context(), signature.publicKey());
    byte[] messageId = new byte[MessageHeader.MESSAGE_ID_BYTES];
    SystemRandom.direct().nextBytes(messageId);
    try (MessageKeys keys = source.generate(context)) {
      MessageKey key = MessageKey.derive(options.suite(), messageId, keys.dataKey());
      MessageHeader header = MessageHeader.seal(options, context, keys.copies(), key);
      return new EnvelopeWriter(workers, header, key, signature);
    }
  }

  /** Returns what stands in the message's header. */
  public MessageHeader header() {
    return header;
  }

  /** Returns the most that {@link #update} and {@link #finish} will still write for more input. */
  public long outputSize(long moreBytes) {
    long plaintext = accepted + moreBytes;
    return header.bytes().length
        + plaintext
        + (plaintext / header.frameLength() + 1) * FrameFormat.FRAME_OVERHEAD_BYTES
        + (FrameFormat.FINAL_START_BYTES + FrameCipher.TAG_BYTES)
        + (signature == null ? 0 : MessageSignature.MAX_FOOTER_BYTES)
        - written;
  }

  /**
   * Takes {@code length} bytes of plaintext and writes what is ready, maybe nothing.
   *
   * @throws IllegalStateException if the writer is closed
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

  /** Writes the rest of the message and closes the writer. */
  public void finish(OutputStream out) throws IOException {
    run(out, sink -> finishTo(sink, out));
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
          "The message is finished, or failed. Begin another EnvelopeWriter for another message.");
    }
    boolean succeeded = false;
    try {
      FrameSink sink = bytes -> emit(bytes, out);
      if (written == 0) {
        sink.accept(ByteBuffer.wrap(header.bytes()));
      }
      step.run(sink);
      succeeded = true;
    } finally {
      if (!succeeded) {
        close();
      }
    }
  }

  private void emit(ByteBuffer bytes, OutputStream out) throws IOException {
    if (signature != null) {
      signature.update(bytes);
    }
    written += bytes.remaining();
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  private void feed(ByteBuffer in, FrameSink sink) throws IOException {
    accepted += in.remaining();
    while (in.hasRemaining()) {
      // One byte less: a frame is sealed only when it is not the last.
      int lent = frames.framesToLend(in.duplicate().limit(in.limit() - 1));
      if (frames.isFull()) {
        frames.process(frames.wholeFrames(), sink);
      } else if (lent > 0) {
        frames.processLent(in, lent, sink);
      } else {
        frames.collect(in);
      }
    }
    frames.drainFinished(sink);
  }

  private boolean feedFrom(InputStream in, FrameSink sink) throws IOException {
    int before = frames.collected().remaining();
    boolean more = frames.collectFrom(in);
    accepted += frames.collected().remaining() - before;
    // A full frame is sealed only when one more byte shows that it is not the last.
    if (frames.isBeyondFull()) {
      frames.process(frames.wholeFrames(), sink);
      frames.drainFinished(sink);
    }
    return more;
  }

  private void finishTo(FrameSink sink, OutputStream out) throws IOException {
    int collected = frames.collected().remaining();
    frames.process(Math.max(0, collected - 1) / header.frameLength(), sink);
    frames.drainAll(sink);
    ByteBuffer rest = frames.collected();
    ByteBuffer last =
        ByteBuffer.allocate(
            FrameFormat.FINAL_START_BYTES + rest.remaining() + FrameCipher.TAG_BYTES);
    frames.format().sealFinal(frames.nextSequence(), rest, last);
    sink.accept(last.flip());
    if (signature != null) {
      byte[] footer = signature.sign();
      written += footer.length;
      out.write(footer);
    }
  }

  /** Ends the message's key and wipes its buffers. What was not finished is of no use. */
  @Override
  public void close() {
    closed = true;
    frames.close();
    key.close();
  }
}
