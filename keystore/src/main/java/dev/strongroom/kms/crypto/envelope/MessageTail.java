// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher;
import dev.strongroom.kms.crypto.envelope.frame.FrameFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The end of a message: the last frame, or a body in one piece, and the footer of a signed message.
 * It is collected whole before anything of it is opened, and takes no byte more.
 */
final class MessageTail {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final MessageHeader header;
  private final EnvelopeLimits limits;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  MessageTail(MessageHeader header, EnvelopeLimits limits) {
    this.header = header;
    this.limits = limits;
  }

  /**
   * Takes all that remains in {@code in}.
   *
   * @throws KmsException.InvalidCiphertext if that is more than the message has
   */
  void append(ByteBuffer in) {
    while (in.hasRemaining()) {
      int missing = lengthNeeded() - size;
      if (missing == 0) {
        throw new KmsException.InvalidCiphertext();
      }
      int length = Math.min(missing, in.remaining());
      if (size + length > bytes.length) {
        long doubled = Math.min(2L * bytes.length, size + (long) missing);
        bytes = Arrays.copyOf(bytes, (int) Math.max(size + length, doubled));
      }
      in.get(bytes, size, length);
      size += length;
    }
  }

  /** Returns the length of the tail as far as it can be known yet. */
  private int lengthNeeded() {
    int bodyEnd = bodyEnd();
    if (!header.suite().isSigned() || size < bodyEnd) {
      return bodyEnd;
    }
    if (size < bodyEnd + Short.BYTES) {
      return bodyEnd + Short.BYTES;
    }
    int footer = Short.BYTES + Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(bodyEnd));
    if (footer > MessageSignature.MAX_FOOTER_BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    return bodyEnd + footer;
  }

  /** Returns where the body ends, or, while its length is not there yet, where that ends. */
  private int bodyEnd() {
    int start =
        header.isFramed() ? FrameFormat.FINAL_START_BYTES : FrameFormat.ONE_PIECE_START_BYTES;
    return size < start ? start : start + contentLength() + FrameCipher.TAG_BYTES;
  }

  private int contentLength() {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (header.isFramed()) {
      long length =
          Integer.toUnsignedLong(in.getInt(FrameFormat.FINAL_START_BYTES - Integer.BYTES));
      if (length > header.frameLength()) {
        throw new KmsException.InvalidCiphertext();
      }
      return (int) length;
    }
    long length = in.getLong(FrameFormat.ONE_PIECE_START_BYTES - Long.BYTES);
    if (length < 0) {
      throw new KmsException.InvalidCiphertext();
    }
    limits.checkFrame(length);
    return (int) length;
  }

  /**
   * Opens the body, verifies the signature, and returns the plaintext.
   *
   * @throws KmsException.InvalidCiphertext if either fails or bytes are missing
   */
  ByteBuffer open(FrameFormat format, long sequence, @Nullable MessageSignature signature) {
    if (size < lengthNeeded()) {
      throw new KmsException.InvalidCiphertext();
    }
    ByteBuffer body = ByteBuffer.wrap(bytes, 0, bodyEnd());
    if (signature != null) {
      signature.update(body);
      signature.verify(ByteBuffer.wrap(bytes, bodyEnd(), size - bodyEnd()));
    }
    ByteBuffer plaintext = ByteBuffer.allocate(contentLength());
    if (header.isFramed()) {
      format.openFinal(sequence, body, plaintext);
    } else {
      format.openOnePiece(body, plaintext);
    }
    return plaintext.flip();
  }
}
