// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;

/**
 * A mapped part of a journal file. Its bytes were written as zeros before, so that storing to them
 * needs no space on the disk.
 *
 * <p>Should somebody else cut the file shorter, the JVM throws an InternalError in the thread that
 * stores to it, soon but not at once; the journal's thread finds out within milliseconds and gives
 * the file up. Mappings end when the collector finds them; nothing is stored to one after its file
 * was closed.
 */
final class Window {
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final MappedByteBuffer bytes;
  private final long start;
  private final long end;

  /**
   * Returns a window.
   *
   * @param start where {@code bytes} begin in the file, a multiple of 4
   */
  Window(MappedByteBuffer bytes, long start) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + bytes.capacity();
  }

  /** Returns the position in the file after the last byte. */
  long end() {
    return end;
  }

  long size() {
    return end - start;
  }

  /** Stores the first bytes of a file. */
  void putMagic() {
    bytes.put(0, JournalFormat.MAGIC);
  }

  /** Stores all of a frame but its word. */
  void put(long position, int checksum, byte[] source, int offset, int length) {
    int at = (int) (position - start);
    bytes.putInt(at + Integer.BYTES, checksum);
    bytes.put(at + JournalFormat.FRAME_HEAD_BYTES, source, offset, length);
  }

  /** Stores the word of a frame, after everything that was stored before. */
  void publish(long position, int word) {
    WORD.setRelease(bytes, (int) (position - start), word);
  }
}
