// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher.Part;
import java.nio.ByteBuffer;

/**
 * The bytes of a message's body. All frames but the last have the frame length of the header; the
 * last is always there, and may be empty.
 *
 * <table>
 * <caption>Layouts, integers big-endian</caption>
 * <tr><th>frame</th><th>last frame</th><th>one piece</th><th>field</th></tr>
 * <tr><td></td><td>4</td><td></td><td>FFFFFFFF</td></tr>
 * <tr><td>4</td><td>4</td><td></td><td>sequence number, from 1</td></tr>
 * <tr><td>12</td><td>12</td><td>12</td><td>IV: the sequence number again, from us</td></tr>
 * <tr><td></td><td>4</td><td>8</td><td>length of the ciphertext</td></tr>
 * <tr><td>frame length</td><td>up to frame length</td><td>any</td><td>ciphertext</td></tr>
 * <tr><td>16</td><td>16</td><td>16</td><td>AES-GCM tag</td></tr>
 * </table>
 *
 * <p>Source: AWS Encryption SDK Specification, data-format/message-body. Not thread-safe.
 */
public final class FrameFormat {
  public static final int FRAME_OVERHEAD_BYTES =
      Integer.BYTES + FrameCipher.IV_BYTES + FrameCipher.TAG_BYTES;

  /** What stands before the ciphertext of the last frame and of a body in one piece. */
  public static final int FINAL_START_BYTES = 3 * Integer.BYTES + FrameCipher.IV_BYTES;

  public static final int ONE_PIECE_START_BYTES = FrameCipher.IV_BYTES + Long.BYTES;

  private static final int FINAL_MARK = 0xFFFFFFFF;
  private static final long MAX_SEQUENCE = 0xFFFFFFFEL;

  private final FrameCipher cipher;

  public FrameFormat(FrameCipher cipher) {
    this.cipher = cipher;
  }

  /** Returns whether the frame at {@code position} is the last; needs four bytes there. */
  public static boolean isFinal(ByteBuffer frames, int position) {
    return frames.getInt(position) == FINAL_MARK;
  }

  /** Seals what remains in {@code plaintext}, one frame, and appends the frame to {@code out}. */
  public void seal(long sequence, ByteBuffer plaintext, ByteBuffer out) {
    if (sequence > MAX_SEQUENCE) {
      throw new KmsException.LimitExceeded(
          "The message has more than 4294967294 frames. Write it with a longer frame length.");
    }
    putStart(sequence, out);
    cipher.seal(Part.FRAME, sequence, plaintext, out);
  }

  /**
   * Opens what remains in {@code frame} and appends the plaintext to {@code out}.
   *
   * @throws KmsException.InvalidCiphertext unless it is authentic, and this message's frame of that
   *     number
   */
  public void open(long sequence, ByteBuffer frame, ByteBuffer out) {
    require(frame.getInt() == (int) sequence);
    cipher.takeIv(frame);
    cipher.open(Part.FRAME, sequence, frame, out);
  }

  /** As {@link #seal}, for the last frame. */
  public void sealFinal(long sequence, ByteBuffer plaintext, ByteBuffer out) {
    out.putInt(FINAL_MARK);
    putStart(sequence, out);
    out.putInt(plaintext.remaining());
    cipher.seal(Part.FINAL_FRAME, sequence, plaintext, out);
  }

  /** As {@link #open}, for the last frame. */
  public void openFinal(long sequence, ByteBuffer frame, ByteBuffer out) {
    require(
        isFinal(frame, sequence, frame.remaining() - FINAL_START_BYTES - FrameCipher.TAG_BYTES));
    frame.getLong();
    cipher.takeIv(frame);
    frame.getInt();
    cipher.open(Part.FINAL_FRAME, sequence, frame, out);
  }

  /** Returns whether these bytes begin the last frame, with that number and content. */
  public static boolean isFinal(ByteBuffer frame, long sequence, int contentLength) {
    int at = frame.position();
    return frame.getInt(at) == FINAL_MARK
        && frame.getInt(at + Integer.BYTES) == (int) sequence
        && frame.getInt(at + FINAL_START_BYTES - Integer.BYTES) == contentLength;
  }

  /** As {@link #open}, for a body in one piece. */
  public void openOnePiece(ByteBuffer body, ByteBuffer out) {
    cipher.takeIv(body);
    require(body.getLong() == body.remaining() - FrameCipher.TAG_BYTES);
    cipher.open(Part.ONE_PIECE, 1, body, out);
  }

  private static void putStart(long sequence, ByteBuffer out) {
    out.putInt((int) sequence).putLong(0).putInt((int) sequence);
  }

  private static void require(boolean asItShouldBe) {
    if (!asItShouldBe) {
      throw new KmsException.InvalidCiphertext();
    }
  }
}
