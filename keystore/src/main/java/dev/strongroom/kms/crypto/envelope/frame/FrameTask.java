// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.nio.ByteBuffer;

/** What is done to every frame but the last, and how long such a frame is before and after. */
public sealed interface FrameTask {

  int inputBytes();

  int outputBytes();

  /** Turns what remains in {@code in}, one frame's worth, and appends the result to {@code out}. */
  void process(FrameFormat format, long sequence, ByteBuffer in, ByteBuffer out);

  /** Plaintext to frames. */
  record Seal(int frameLength) implements FrameTask {
    @Override
    public int inputBytes() {
      return frameLength;
    }

    @Override
    public int outputBytes() {
      return frameLength + FrameFormat.FRAME_OVERHEAD_BYTES;
    }

    @Override
    public void process(FrameFormat format, long sequence, ByteBuffer in, ByteBuffer out) {
      format.seal(sequence, in, out);
    }
  }

  /** Frames to plaintext. */
  record Open(int frameLength) implements FrameTask {
    @Override
    public int inputBytes() {
      return frameLength + FrameFormat.FRAME_OVERHEAD_BYTES;
    }

    @Override
    public int outputBytes() {
      return frameLength;
    }

    @Override
    public void process(FrameFormat format, long sequence, ByteBuffer in, ByteBuffer out) {
      format.open(sequence, in, out);
    }
  }
}
