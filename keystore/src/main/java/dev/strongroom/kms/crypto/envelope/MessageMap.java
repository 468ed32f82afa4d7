// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.crypto.envelope.frame.FrameCipher;
import dev.strongroom.kms.crypto.envelope.frame.FrameFormat;
import dev.strongroom.kms.crypto.envelope.frame.FrameTask;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where the frames of a framed message are, worked out from its length alone. Nothing of it is
 * certain until the last frame was opened, which is bound to its own number and length.
 *
 * @param bodyStart offset of the first frame, behind the header
 * @param frameLength plaintext bytes in each frame but the last
 * @param wholeFrames how many frames stand before the last one
 * @param lastLength plaintext bytes in the last frame
 */
record MessageMap(long bodyStart, int frameLength, long wholeFrames, int lastLength) {
  private static final int FINAL_OVERHEAD_BYTES =
      FrameFormat.FINAL_START_BYTES + FrameCipher.TAG_BYTES;
  private static final long MOST_WHOLE_FRAMES = 0xFFFFFFFEL;

  /** Returns the map, if a body that ends at {@code bodyEnd} can be made of such frames. */
  static Optional<MessageMap> of(MessageHeader header, long bodyEnd) {
    int wire = new FrameTask.Open(header.frameLength()).inputBytes();
    long content = bodyEnd - header.bytes().length - FINAL_OVERHEAD_BYTES;
    if (content < 0
        || content % wire > header.frameLength()
        || content / wire > MOST_WHOLE_FRAMES) {
      return Optional.empty();
    }
    return Optional.of(
        new MessageMap(
            header.bytes().length, header.frameLength(), content / wire, (int) (content % wire)));
  }

  /** Returns the length of the plaintext. */
  long plaintextLength() {
    return wholeFrames * frameLength + lastLength;
  }

  /** Returns the offset of frame {@code index}, counted from 0. */
  long offset(long index) {
    return bodyStart + index * new FrameTask.Open(frameLength).inputBytes();
  }

  /** Returns the length of frame {@code index} in the message. */
  int length(long index) {
    return index == wholeFrames
        ? lastLength + FINAL_OVERHEAD_BYTES
        : new FrameTask.Open(frameLength).inputBytes();
  }

  /** Returns where the body ends, and the footer begins. */
  long bodyEnd() {
    return offset(wholeFrames) + length(wholeFrames);
  }

  /** Returns whether these bytes can begin the last frame. */
  boolean isLastFrame(ByteBuffer start) {
    return FrameFormat.isFinal(start, wholeFrames + 1, lastLength);
  }

  /** Opens the frame {@code index}, which is what remains in {@code frame}. */
  void open(FrameFormat format, long index, ByteBuffer frame, ByteBuffer out) {
    if (index < wholeFrames) {
      format.open(index + 1, frame, out);
    } else {
      format.openFinal(index + 1, frame, out);
    }
  }
}
