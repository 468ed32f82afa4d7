// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Random bytes of the operating system's or the HSM's generator: drawn in blocks, so that one call
 * of the source serves many data keys, or singly.
 *
 * <p>What is handed out is wiped from the block at once. A block lives 100 ms at most, so that a
 * copy of a running process soon draws bytes of its own; where that is too long, bytes are drawn
 * singly. Thread-safe; threads do not wait for each other.
 */
public final class RandomBytes {
  private static final int BLOCK_BYTES = 4096;
  private static final Duration MAX_AGE = Duration.ofMillis(100);

  private final Consumer<byte[]> source;
  private final LongSupplier nanoTime;
  private final boolean singly;
  private final Slots<Block> blocks = new Slots<>(Block::new);

  private RandomBytes(Consumer<byte[]> source, LongSupplier nanoTime, boolean singly) {
    this.source = source;
    this.nanoTime = nanoTime;
    this.singly = singly;
  }

  /**
   * Returns bytes that are drawn in blocks.
   *
   * @param source fills an array with random bytes; thread-safe
   * @param nanoTime a monotonic clock, {@code System::nanoTime}
   */
  public static RandomBytes inBlocks(Consumer<byte[]> source, LongSupplier nanoTime) {
    return new RandomBytes(source, nanoTime, false);
  }

  /** Returns bytes for which the source, as above, is asked anew each time. */
  public static RandomBytes singly(Consumer<byte[]> source) {
    return new RandomBytes(source, () -> 0, true);
  }

  /** Returns whether no byte waits in this process, so that a copy of it cannot have the same. */
  boolean areDrawnSingly() {
    return singly;
  }

  /** Returns {@code length} random bytes, owned by the caller. */
  public byte[] next(int length) {
    byte[] bytes = new byte[length];
    if (singly || length > BLOCK_BYTES) {
      source.accept(bytes);
      return bytes;
    }
    Block block = blocks.take();
    block.fill(bytes, nanoTime.getAsLong());
    blocks.giveBack(block);
    return bytes;
  }

  /** Forgets the bytes that wait. */
  public void forget() {
    blocks.clear();
  }

  /** Bytes that one thread takes from at a time. */
  private final class Block {
    private final byte[] bytes = new byte[BLOCK_BYTES];
    private int next = BLOCK_BYTES;
    private long bornNanos;

    void fill(byte[] target, long now) {
      if (bytes.length - next < target.length || now - bornNanos > MAX_AGE.toNanos()) {
        source.accept(bytes);
        bornNanos = now;
        next = 0;
      }
      System.arraycopy(bytes, next, target, 0, target.length);
      Arrays.fill(bytes, next, next + target.length, (byte) 0);
      next += target.length;
    }
  }
}
