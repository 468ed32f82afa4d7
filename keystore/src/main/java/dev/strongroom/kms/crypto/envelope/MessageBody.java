// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameFormat;
import dev.strongroom.kms.crypto.envelope.frame.FrameSink;
import dev.strongroom.kms.crypto.envelope.frame.FrameStream;
import dev.strongroom.kms.crypto.envelope.frame.FrameTask;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What follows a verified header: takes it apart into frames and the message's tail. */
final class MessageBody implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 13;
  private static final int NONE = -1;

  private final MessageHeader header;
  private final MessageKey key;
  private final EnvelopeLimits limits;
  private final int frameBytes;
  private final FrameStream frames;
  private final @Nullable MessageSignature signature;
  private @Nullable MessageTail tail;

  MessageBody(FrameWorkers workers, MessageHeader header, MessageKey key, EnvelopeLimits limits) {
    this.header = header;
    this.key = key;
    this.limits = limits;
    FrameTask task = new FrameTask.Open(header.frameLength());
    this.frameBytes = task.inputBytes();
    this.frames = new FrameStream(workers, task, key::frameCipher);
    this.signature = signatureOf(header);
    this.tail = header.isFramed() ? null : new MessageTail(header, limits);
  }

  private static @Nullable MessageSignature signatureOf(MessageHeader header) {
    String publicKey = header.context().pairs().get(MessageContext.PUBLIC_KEY);
    if (publicKey == null) {
      return null;
    }
    MessageSignature signature = MessageSignature.verifying(publicKey);
    signature.update(ByteBuffer.wrap(header.bytes()));
    return signature;
  }

  MessageHeader header() {
    return header;
  }

  void feed(ByteBuffer in, FrameSink sink) throws IOException {
    while (in.hasRemaining()) {
      if (tail != null) {
        tail.append(in);
      } else if (frames.isEmpty() && startsFinalFrame(in)) {
        tail = new MessageTail(header, limits);
      } else if (frames.framesToLend(in) > 0) {
        lend(in, frames.framesToLend(in), sink);
      } else {
        frames.collect(in);
        processIfFull(sink);
      }
    }
    frames.drainFinished(sink);
  }

  private void lend(ByteBuffer in, int most, FrameSink sink) throws IOException {
    ByteBuffer whole = in.slice().limit(most * frameBytes);
    int last = indexOfFinalFrame(whole.duplicate());
    int count = last == NONE ? most : last;
    sign(whole.limit(count * frameBytes));
    frames.processLent(in, count, sink);
  }

  boolean feedFrom(InputStream in, FrameSink sink) throws IOException {
    if (tail == null) {
      boolean more = frames.collectFrom(in);
      processIfFull(sink);
      frames.drainFinished(sink);
      return more;
    }
    byte[] piece = new byte[PIECE_BYTES];
    int length = in.read(piece);
    tail.append(ByteBuffer.wrap(piece, 0, Math.max(length, 0)));
    return length >= 0;
  }

  private static boolean startsFinalFrame(ByteBuffer in) {
    return in.remaining() >= Integer.BYTES && FrameFormat.isFinal(in, in.position());
  }

  private void processIfFull(FrameSink sink) throws IOException {
    if (frames.isFull()) {
      int last = indexOfFinalFrame(frames.collected());
      process(last == NONE ? frames.wholeFrames() : last, sink);
      if (last != NONE) {
        startTail();
      }
    }
  }

  /**
   * Returns how many frames stand before the last one, or that it isn't there. Moves the position.
   */
  private int indexOfFinalFrame(ByteBuffer in) {
    for (int i = 0; in.remaining() >= Integer.BYTES; i++) {
      if (startsFinalFrame(in)) {
        return i;
      }
      in.position(Math.min(in.limit(), in.position() + frameBytes));
    }
    return NONE;
  }

  private void process(int count, FrameSink sink) throws IOException {
    sign(frames.collected().limit(count * frameBytes));
    frames.process(count, sink);
  }

  private MessageTail startTail() {
    MessageTail started = new MessageTail(header, limits);
    started.append(frames.collected());
    tail = started;
    return started;
  }

  private void sign(ByteBuffer bytes) {
    if (signature != null) {
      signature.update(bytes);
    }
  }

  /** Opens what is left and releases it, if the message is whole. */
  void finish(FrameSink sink) throws IOException {
    MessageTail last = tail == null ? findTail(sink) : tail;
    frames.drainAll(sink);
    ByteBuffer plaintext = last.open(frames.format(), frames.nextSequence(), signature);
    sink.accept(plaintext.duplicate());
    plaintext.put(new byte[plaintext.remaining()]);
  }

  private MessageTail findTail(FrameSink sink) throws IOException {
    int last = indexOfFinalFrame(frames.collected());
    if (last == NONE) {
      throw new KmsException.InvalidCiphertext();
    }
    process(last, sink);
    return startTail();
  }

  @Override
  public void close() {
    frames.close();
    key.close();
  }
}
