// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The copying of a stream's files from one folder to another, byte for byte, in order. What is in
 * the other folder already is written again: a disk that failed may show what it has lost.
 *
 * <p>Not thread-safe.
 */
final class StreamCopy implements Closeable {
  private static final int BUFFER_BYTES = 65_536;

  private final UUID stream;
  private final Path from;
  private final Path to;
  private final int settled;
  private final Map<Integer, FileChannel> opened;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private @Nullable FileChannel source;
  private @Nullable JournalFile target;
  private int index;
  private long position;

  /** What should be copied cannot be read: the other folder is not to blame. */
  static final class SourceLost extends IOException {
    private static final long serialVersionUID = 1;

    SourceLost(IOException cause) {
      super(cause);
    }
  }

  /**
   * Begins with the first file.
   *
   * @param settled how many files are on the other disk for certain, if they are still there
   * @param opened files that are open already, by their index; taken out when they are begun
   */
  StreamCopy(UUID stream, Path from, Path to, int settled, Map<Integer, FileChannel> opened) {
    this.stream = stream;
    this.from = from;
    this.to = to;
    this.settled = settled;
    this.opened = opened;
  }

  /** Returns which file is copied now. */
  int index() {
    return index;
  }

  /** Copies the rest of a file that ends there, and goes on to the next. */
  void endFileAt(long length) throws IOException {
    if (!isSettled(length)) {
      copyTo(length);
      end(length);
    }
    index++;
    position = 0;
  }

  private boolean isSettled(long length) throws IOException {
    Path path = to.resolve(JournalFile.name(stream, index));
    return index < settled && Files.exists(path) && Files.size(path) == length;
  }

  private void end(long length) throws IOException {
    JournalFile ending = target;
    target = null;
    if (ending != null) {
      ending.closeAt(length);
    }
    closeSource();
  }

  /** Copies the file up to a position, and to the disk. Returns whether there was anything. */
  boolean copyTo(long end) throws IOException {
    if (target == null) {
      open();
    }
    JournalFile file = target;
    FileChannel channel = source;
    if (file == null || channel == null || position >= end) {
      return false;
    }
    while (position < end) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - position));
      read(channel);
      int length = buffer.flip().remaining();
      file.write(position, buffer);
      position += length;
    }
    file.force();
    return true;
  }

  private void open() throws IOException {
    String name = JournalFile.name(stream, index);
    try {
      FileChannel before = opened.remove(index);
      source =
          before == null ? FileChannel.open(from.resolve(name), StandardOpenOption.READ) : before;
    } catch (IOException e) {
      throw new SourceLost(e);
    }
    Path path = to.resolve(name);
    target =
        Files.exists(path)
            ? JournalFile.reopen(path, Files.size(path), 0)
            : JournalFile.create(to, stream, index, 0);
  }

  private void read(FileChannel channel) throws IOException {
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new SourceLost(new IOException(from + " lost a part of stream " + stream));
        }
      }
    } catch (IOException e) {
      throw e instanceof SourceLost ? e : new SourceLost(e);
    }
  }

  /**
   * Ends the last file.
   *
   * @param isEnded whether the stream is; else its process gave it up, and more may come
   */
  void finish(boolean isEnded) throws IOException {
    if (isEnded) {
      end(position);
    }
  }

  @Override
  public void close() throws IOException {
    if (target != null) {
      target.abandon();
      target = null;
    }
    closeSource();
  }

  private void closeSource() throws IOException {
    FileChannel open = source;
    source = null;
    if (open != null) {
      open.close();
    }
  }
}
