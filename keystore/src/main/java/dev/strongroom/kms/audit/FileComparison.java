// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Compares two copies of a file of a journal, also while they are written. */
final class FileComparison {
  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel one;
  private final FileChannel other;
  private final ByteBuffer oneBytes = ByteBuffer.allocate(BUFFER_BYTES);
  private final ByteBuffer otherBytes = ByteBuffer.allocate(BUFFER_BYTES);

  /** How two copies are to each other; zeros at the end of one do not count. */
  enum Result {
    SAME,
    /** The other one has all of the one, and more. */
    ONE_IS_BEHIND,
    OTHER_IS_BEHIND,
    DIFFERENT
  }

  private FileComparison(FileChannel one, FileChannel other) {
    this.one = one;
    this.other = other;
  }

  static Result of(Path one, Path other) throws IOException {
    try (FileChannel oneChannel = FileChannel.open(one, StandardOpenOption.READ);
        FileChannel otherChannel = FileChannel.open(other, StandardOpenOption.READ)) {
      return new FileComparison(oneChannel, otherChannel).run();
    }
  }

  private Result run() throws IOException {
    long position = 0;
    while (true) {
      fill(one, oneBytes, position);
      fill(other, otherBytes, position);
      int mismatch = oneBytes.mismatch(otherBytes);
      if (mismatch >= 0) {
        return judge(position + mismatch);
      }
      if (!oneBytes.hasRemaining()) {
        return Result.SAME;
      }
      position += oneBytes.remaining();
    }
  }

  private static void fill(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    bytes.clear();
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, position + bytes.position());
    }
    bytes.flip();
  }

  /** One may just be shorter than the other, or be zeros from where they differ. */
  private Result judge(long mismatch) throws IOException {
    boolean oneEnds = isZero(one, oneBytes, mismatch);
    boolean otherEnds = isZero(other, otherBytes, mismatch);
    if (oneEnds) {
      return otherEnds ? Result.SAME : Result.ONE_IS_BEHIND;
    }
    return otherEnds ? Result.OTHER_IS_BEHIND : Result.DIFFERENT;
  }

  private static boolean isZero(FileChannel channel, ByteBuffer bytes, long from)
      throws IOException {
    long position = from;
    do {
      fill(channel, bytes, position);
      position += bytes.remaining();
      for (int i = 0; i < bytes.limit(); i++) {
        if (bytes.get(i) != 0) {
          return false;
        }
      }
    } while (bytes.hasRemaining());
    return true;
  }
}
