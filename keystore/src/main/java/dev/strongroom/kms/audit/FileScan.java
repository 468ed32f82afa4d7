// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads one file of a journal frame by frame, also while it is written. A file that is only read is
 * never mapped: if its writer cuts it, that must not be felt here.
 *
 * <p>Not thread-safe.
 */
final class FileScan implements Closeable {
  private static final int BUFFER_BYTES = 2 * JournalFormat.MAX_FRAME_BYTES;

  /** What stands at a position. */
  enum Found {
    FRAME,
    END,
    DAMAGE
  }

  private final Path path;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer head = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferStart;
  private int bufferLength;
  private long position;
  private int word;

  private FileScan(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static FileScan open(Path path) throws IOException {
    return new FileScan(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  String name() {
    return path.getFileName().toString();
  }

  /** Returns whether the file begins as journals of this version do; then stands behind that. */
  boolean readMagic() throws IOException {
    int length = JournalFormat.MAGIC.length;
    if (available(0, length) < length) {
      return false;
    }
    int from = (int) -bufferStart;
    position = length;
    return Arrays.equals(
        buffer, from, from + length, JournalFormat.MAGIC, 0, JournalFormat.MAGIC.length);
  }

  /**
   * Returns what stands where the header names the version of the domain key, whether or not that
   * is damaged: a wrong version fits no seal. 0 if the file ends before.
   */
  int domainVersion() throws IOException {
    int offset =
        JournalFormat.MAGIC.length
            + JournalFormat.FRAME_HEAD_BYTES
            + JournalFormat.HEADER_VERSION_OFFSET;
    return reaches(offset, Integer.BYTES) ? wordAt(offset) : 0;
  }

  /** Returns how many records the header says come before this file; 0 if the file ends before. */
  long recordsBefore() throws IOException {
    int offset =
        JournalFormat.MAGIC.length
            + JournalFormat.FRAME_HEAD_BYTES
            + JournalFormat.HEADER_COUNT_OFFSET;
    return reaches(offset, Long.BYTES) ? u64At(offset) : 0;
  }

  /**
   * Looks at the frame at the position.
   *
   * @param records how many records come before it in the stream
   */
  Found look(long records) throws IOException {
    if (available(position, JournalFormat.FRAME_HEAD_BYTES) < JournalFormat.FRAME_HEAD_BYTES) {
      return available(position, 1) == 0 ? Found.END : Found.DAMAGE;
    }
    word = intAt(position);
    if (word == 0) {
      return Found.END;
    }
    int payload = JournalFormat.payloadBytes(word);
    int size = JournalFormat.frameBytes(payload);
    if (size > JournalFormat.MAX_FRAME_BYTES || available(position, size) < size) {
      return Found.DAMAGE;
    }
    return checksum(records, payload) == intAt(position + 4) && isPaddedWithZeros(payload, size)
        ? Found.FRAME
        : Found.DAMAGE;
  }

  private int checksum(long records, int payload) {
    crc.reset();
    crc.update(head.clear().putLong(records).putInt(word).flip());
    crc.update(buffer, index(position) + JournalFormat.FRAME_HEAD_BYTES, payload);
    return (int) crc.getValue();
  }

  private boolean isPaddedWithZeros(int payload, int size) {
    for (int i = JournalFormat.FRAME_HEAD_BYTES + payload; i < size; i++) {
      if (buffer[index(position) + i] != 0) {
        return false;
      }
    }
    return true;
  }

  long position() {
    return position;
  }

  /** Returns the type of the frame that was found. */
  int type() {
    return JournalFormat.type(word);
  }

  /** Returns a reader of the payload that was found; good until the scan moves. */
  FrameReader payload() {
    return new FrameReader(
        buffer, index(position) + JournalFormat.FRAME_HEAD_BYTES, JournalFormat.payloadBytes(word));
  }

  /** Moves behind the frame, or behind what its damaged word says is one. */
  void skip() {
    position += JournalFormat.frameBytes(JournalFormat.payloadBytes(word));
  }

  void moveTo(long target) {
    position = target;
  }

  /** Forgets what was read: the file may have changed. */
  void reread() {
    bufferLength = 0;
  }

  /** Returns whether the file has so many bytes at a place; they can then be read there. */
  boolean reaches(long offset, int length) throws IOException {
    return available(offset, length) == length;
  }

  /** Returns the word at a place that was {@link #reaches reached}. */
  int wordAt(long offset) {
    return intAt(offset);
  }

  /** Returns the 64-bit integer at a place that was {@link #reaches reached}. */
  long u64At(long offset) {
    return ByteBuffer.wrap(buffer).getLong(index(offset));
  }

  /** Adds all bytes of the frame that was found to a hash. */
  void addFrameTo(SealChain chain) {
    chain.update(
        buffer, index(position), JournalFormat.frameBytes(JournalFormat.payloadBytes(word)));
  }

  /**
   * Returns how many bytes from the position to the end of the file come up to the last not zero.
   */
  long bytesNotZero() throws IOException {
    long last = position;
    for (long at = position; available(at, 1) > 0; at += BUFFER_BYTES) {
      int length = available(at, BUFFER_BYTES);
      for (int i = 0; i < length; i++) {
        if (buffer[index(at) + i] != 0) {
          last = at + i + 1;
        }
      }
    }
    return last - position;
  }

  private int intAt(long offset) {
    return ByteBuffer.wrap(buffer).getInt(index(offset));
  }

  private int index(long offset) {
    return (int) (offset - bufferStart);
  }

  /** Makes bytes readable in the buffer; returns how many of {@code length} there are. */
  private int available(long offset, int length) throws IOException {
    if (offset < bufferStart || offset + length > bufferStart + bufferLength) {
      bufferStart = offset;
      bufferLength = 0;
      ByteBuffer target = ByteBuffer.wrap(buffer);
      while (target.hasRemaining() && channel.read(target, offset + target.position()) >= 0) {
        bufferLength = target.position();
      }
    }
    return (int) Math.max(0, Math.min(length, bufferStart + bufferLength - offset));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
