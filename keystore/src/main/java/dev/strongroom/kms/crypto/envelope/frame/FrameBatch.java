// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Some consecutive frames in reusable buffers, with a cipher of their own. It is filled by the
 * thread that feeds the message, run there or by a worker, and emptied there again.
 *
 * <p>Thread-safe in this sense only: between {@link #submit} and {@link #await} the buffers belong
 * to whoever runs it, and the first of several that try does.
 */
final class FrameBatch implements Runnable {
  private static final int PIECE_BYTES = 1 << 13;

  private enum State {
    FILLING,
    WAITING,
    CLAIMED
  }

  private final FrameTask task;
  private final FrameFormat format;
  private final int capacity;
  private final int fullBytes;
  private final int maxBytes;
  private byte[] input = new byte[0];
  private int size;
  private ByteBuffer output = ByteBuffer.allocate(0);

  private final AtomicReference<State> state = new AtomicReference<>(State.FILLING);
  private final Semaphore done = new Semaphore(0);
  private ByteBuffer source = ByteBuffer.allocate(0);
  private int frames;
  private long firstSequence;
  private @Nullable Throwable failure;

  /**
   * Makes an empty batch.
   *
   * @param frames how many fill it; there is room for one byte more, which tells a writer that the
   *     message goes on
   */
  FrameBatch(FrameTask task, FrameFormat format, int frames) {
    this.task = task;
    this.format = format;
    this.capacity = frames;
    this.fullBytes = frames * task.inputBytes();
    this.maxBytes = fullBytes + 1;
  }

  int size() {
    return size;
  }

  /** Returns how many frames fill it. */
  int capacity() {
    return capacity;
  }

  boolean isFull() {
    return size >= fullBytes;
  }

  /** Returns whether it holds a byte that belongs to the frame behind its last one. */
  boolean isBeyondFull() {
    return size > fullBytes;
  }

  /** Returns how many whole frames it holds. */
  int wholeFrames() {
    return Math.min(size, fullBytes) / task.inputBytes();
  }

  /** Returns a view of the bytes from {@code start} on that it was filled with. */
  ByteBuffer filled(int start) {
    return ByteBuffer.wrap(input, start, size - start);
  }

  /** Returns a copy of what it was filled with from {@code start} on. */
  byte[] copyFrom(int start) {
    return Arrays.copyOfRange(input, start, size);
  }

  /** Takes as much of {@code in} as makes it full. */
  void fill(ByteBuffer in) {
    int length = Math.min(in.remaining(), fullBytes - size);
    reserve(size + length);
    in.get(input, size, length);
    size += length;
  }

  /** Reads once, up to a byte more than makes it full; returns false at the end of the stream. */
  boolean fillFrom(InputStream in) throws IOException {
    reserve(Math.min(size + PIECE_BYTES, maxBytes));
    int length = in.read(input, size, input.length - size);
    size += Math.max(length, 0);
    return length >= 0;
  }

  // Grows with what really arrives: a small message takes little memory, whatever its header says.
  private void reserve(int bytes) {
    if (bytes > input.length) {
      byte[] smaller = input;
      long larger = Math.max(bytes, 2L * smaller.length);
      input = Arrays.copyOf(smaller, (int) Math.min(maxBytes, larger));
      Arrays.fill(smaller, 0, size, (byte) 0);
    }
  }

  /**
   * Turns {@code count} frames at the position of {@code in}, in this thread; returns the result's
   * buffer, whose content stays until the next call.
   */
  ByteBuffer process(ByteBuffer in, long sequence, int count) {
    int bytes = count * task.outputBytes();
    if (output.capacity() < bytes) {
      output = ByteBuffer.allocate(bytes);
    }
    output.clear();
    int end = in.limit();
    for (int i = 0; i < count; i++) {
      in.limit(in.position() + task.inputBytes());
      task.process(format, sequence + i, in, output);
    }
    in.limit(end);
    return output.flip();
  }

  /** Makes the batch ready to be run elsewhere, on its own bytes or on those of a lender. */
  void submit(ByteBuffer in, long sequence, int count) {
    source = in;
    firstSequence = sequence;
    frames = count;
    failure = null;
    state.set(State.WAITING);
  }

  /** Runs the batch unless somebody else has begun to; returns whether it did. */
  boolean runIfWaiting() {
    if (!state.compareAndSet(State.WAITING, State.CLAIMED)) {
      return false;
    }
    try {
      process(source, firstSequence, frames);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      done.release();
    }
    return true;
  }

  @Override
  public void run() {
    runIfWaiting();
  }

  boolean isDone() {
    return done.availablePermits() > 0;
  }

  /** Waits for the result and takes the batch back, empty. Throws what the work threw. */
  ByteBuffer await() {
    done.acquireUninterruptibly();
    state.set(State.FILLING);
    source = ByteBuffer.allocate(0);
    size = 0;
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    return output;
  }

  /** Forgets its first {@code bytes}. */
  void discard(int bytes) {
    System.arraycopy(input, bytes, input, 0, size - bytes);
    size -= bytes;
  }

  /** Takes the batch back whatever becomes of it, waiting if it was begun, and wipes it. */
  void abandon() {
    if (!state.compareAndSet(State.WAITING, State.FILLING) && state.get() == State.CLAIMED) {
      done.acquireUninterruptibly();
      state.set(State.FILLING);
    }
    wipe();
  }

  /** Zeroes what it held of the message, which may be plaintext. */
  void wipe() {
    Arrays.fill(input, (byte) 0);
    Arrays.fill(output.array(), (byte) 0);
    size = 0;
  }
}
