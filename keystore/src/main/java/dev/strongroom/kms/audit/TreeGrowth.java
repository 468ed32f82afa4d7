// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The tree over the records of one stream, grown on a thread of its own from what is on the disk:
 * hashing costs more than all other work on a record, and no call should wait for it.
 *
 * <p>It is behind the stream by what it has not read yet, at most {@link #MOST_BYTES_BEHIND}; the
 * journal's thread waits for it then, and callers for that.
 *
 * <p>Thread-safe. The thread ends with {@link #close}.
 */
final class TreeGrowth implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TreeGrowth.class.getName());

  /** About a second's work. */
  static final long MOST_BYTES_BEHIND = 128L << 20;

  private static final int READ_BYTES = 65_536;

  /** A file, and how far it may be read. Guarded by the growth. */
  private static final class Source {
    private final FileChannel channel;
    private long end;
    private boolean isEnded;

    Source(FileChannel channel) {
      this.channel = channel;
    }
  }

  private final RecordTree tree = new RecordTree();
  private final FrameFeed feed = new FrameFeed(tree);
  private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
  private final Deque<Source> sources = new ArrayDeque<>();
  private final Object treeLock = new Object();
  private long bytesBehind;
  private boolean isClosed;
  private @Nullable Thread thread;
  private @Nullable IOException failure;
  private long readTo; // in the first source; the thread's own
  private volatile long records;

  /**
   * Makes an empty tree.
   *
   * @param first the first file of the stream, which is closed with the growth, as the others: what
   *     is open can be read even if it is removed
   */
  TreeGrowth(FileChannel first) {
    sources.add(new Source(first));
  }

  /**
   * The last file is on the disk up to {@code end}, where a frame ends.
   *
   * @throws IOException if what was there before could not be read, or is not what was written
   */
  synchronized void growTo(long end) throws IOException {
    requireSound();
    Source last = sources.getLast();
    bytesBehind += end - last.end;
    last.end = end;
    wake();
    while (bytesBehind > MOST_BYTES_BEHIND && isGrowing()) {
      await();
    }
    requireSound();
  }

  /** The last file ended, on the disk, at {@code end}; the stream goes on in the next. */
  synchronized void goOn(long end, FileChannel next) throws IOException {
    if (failure != null) {
      close(next);
    }
    requireSound();
    Source ended = sources.getLast();
    bytesBehind += end - ended.end;
    ended.end = end;
    ended.isEnded = true;
    sources.addLast(new Source(next));
    wake();
  }

  /**
   * Returns when all is in the tree.
   *
   * @throws IOException as {@link #growTo}
   */
  synchronized void awaitAll() throws IOException {
    while (bytesBehind > 0 && isGrowing()) {
      await();
    }
    requireSound();
    if (bytesBehind > 0) {
      throw new IOException("No thread is to be had for the tree of the audit trail");
    }
  }

  /** Returns how many records are in the tree. */
  long records() {
    return records;
  }

  /** Returns the tree over the records that are in it, all of which are on the disk. */
  TreeHead head() {
    synchronized (treeLock) {
      return tree.head();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    notifyAll();
    if (thread == null) {
      closeSources();
    }
  }

  private void wake() {
    if (thread == null) {
      Thread fresh = new Thread(null, this::run, "strongroom-audit-tree", 0, false);
      fresh.setDaemon(true);
      fresh.setContextClassLoader(null);
      try {
        fresh.start();
        thread = fresh;
      } catch (OutOfMemoryError e) {
        LOG.log(Level.WARNING, "No thread is to be had for the tree of the audit trail", e);
      }
    }
    notifyAll();
  }

  private boolean isGrowing() {
    return thread != null && failure == null;
  }

  private void requireSound() throws IOException {
    if (failure != null) {
      throw new IOException("The tree over the audit records cannot be grown", failure);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new AssertionError("Threads of the journal are not interrupted", e);
    }
  }

  private void run() {
    try {
      while (growByAPiece()) {}
    } catch (IOException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    } finally {
      synchronized (this) {
        closeSources();
      }
    }
  }

  private boolean growByAPiece() throws IOException {
    Source source = next();
    if (source == null) {
      return false;
    }
    int length = read(source);
    try {
      synchronized (treeLock) {
        feed.update(buffer.array(), 0, length);
        records = tree.records();
      }
    } catch (FrameReader.Malformed e) {
      throw new IOException("A journal was changed. Something else writes to it.", e);
    }
    readTo += length;
    synchronized (this) {
      bytesBehind -= length;
      notifyAll();
    }
    return true;
  }

  /** Waits for something to read; returns where it is, null when nothing more comes. */
  private synchronized @Nullable Source next() {
    while (!isClosed) {
      Source source = sources.getFirst();
      if (readTo < source.end) {
        return source;
      }
      if (source.isEnded) {
        nextFile(sources.removeFirst());
      } else {
        await();
      }
    }
    return null;
  }

  private void nextFile(Source ended) {
    close(ended.channel);
    feed.beginFile();
    readTo = 0;
  }

  private int read(Source source) throws IOException {
    long end;
    synchronized (this) {
      end = source.end;
    }
    buffer.clear().limit((int) Math.min(READ_BYTES, end - readTo));
    while (buffer.hasRemaining()) {
      if (source.channel.read(buffer, readTo + buffer.position()) < 0) {
        throw new EOFException("A journal became shorter. Something else changes it.");
      }
    }
    return buffer.position();
  }

  private void closeSources() {
    while (!sources.isEmpty()) {
      close(sources.removeFirst().channel);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Closing a journal failed", e);
    }
  }
}
