// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.ByteBuffer;

/**
 * Feeds the records and entries of a file to a {@link RecordTree} from pieces of its bytes, however
 * those are cut.
 *
 * <p>Not thread-safe.
 */
final class FrameFeed {
  private final RecordTree tree;
  private final byte[] pending = new byte[JournalFormat.MAX_FRAME_BYTES];
  private int pendingBytes;
  private int bytesToSkip = JournalFormat.MAGIC.length;

  FrameFeed(RecordTree tree) {
    this.tree = tree;
  }

  /** A new file begins, with its magic number. */
  void beginFile() {
    tree.beginFile();
    pendingBytes = 0;
    bytesToSkip = JournalFormat.MAGIC.length;
  }

  /**
   * Takes the next bytes.
   *
   * @throws FrameReader.Malformed if they are no frames
   */
  void update(byte[] bytes, int offset, int length) throws FrameReader.Malformed {
    int end = offset + length;
    int at = offset + Math.min(bytesToSkip, length);
    bytesToSkip -= at - offset;
    while (at < end) {
      int size = pendingBytes == 0 ? sizeOf(bytes, at, end - at) : 0;
      if (size > 0 && size <= end - at) {
        frame(bytes, at, size);
        at += size;
      } else {
        at += keep(bytes, at, end - at);
      }
    }
  }

  /** Keeps bytes of a frame that is not whole yet; returns how many. */
  private int keep(byte[] bytes, int at, int available) throws FrameReader.Malformed {
    int size = sizeOf(pending, 0, pendingBytes);
    int wanted = (size > 0 ? size : JournalFormat.FRAME_HEAD_BYTES) - pendingBytes;
    int length = Math.min(wanted, available);
    System.arraycopy(bytes, at, pending, pendingBytes, length);
    pendingBytes += length;
    if (size > 0 && pendingBytes == size) {
      frame(pending, 0, size);
      pendingBytes = 0;
    }
    return length;
  }

  /** Returns the length of the frame that begins there; 0 if its head is not whole. */
  private static int sizeOf(byte[] bytes, int at, int available) throws FrameReader.Malformed {
    if (available < JournalFormat.FRAME_HEAD_BYTES) {
      return 0;
    }
    int size = JournalFormat.frameBytes(JournalFormat.payloadBytes(word(bytes, at)));
    if (size > JournalFormat.MAX_FRAME_BYTES) {
      throw new FrameReader.Malformed();
    }
    return size;
  }

  private static int word(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  private void frame(byte[] bytes, int at, int size) throws FrameReader.Malformed {
    int word = word(bytes, at);
    int type = JournalFormat.type(word);
    if (type == JournalFormat.RECORD || type == JournalFormat.ENTRY) {
      int head = JournalFormat.FRAME_HEAD_BYTES;
      FrameReader payload =
          new FrameReader(
              bytes, at + head, Math.min(size - head, JournalFormat.payloadBytes(word)));
      if (type == JournalFormat.RECORD) {
        tree.record(payload);
      } else {
        tree.entry(payload);
      }
    }
  }
}
