// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.util.Arrays;

/**
 * Collects a message that the KMS takes in one call. Bytes beyond the limit are counted, not kept:
 * they are refused at the end, where JCA allows an exception that says so. Not thread-safe.
 */
final class MessageBuffer {
  private static final int FIRST_BYTES = 128;

  private final int limit;
  private byte[] bytes = new byte[0];
  private long length;

  MessageBuffer(int limit) {
    this.limit = limit;
  }

  void add(byte[] source, int offset, int count) {
    if (length + count <= limit) {
      int end = (int) length + count;
      if (end > bytes.length) {
        grow(Math.max(end, Math.max(FIRST_BYTES, 2 * bytes.length)));
      }
      System.arraycopy(source, offset, bytes, (int) length, count);
    }
    length += count;
  }

  private void grow(int size) {
    byte[] larger = Arrays.copyOf(bytes, Math.min(size, limit));
    Arrays.fill(bytes, (byte) 0);
    bytes = larger;
  }

  long length() {
    return length;
  }

  boolean isTooLong() {
    return length > limit;
  }

  /** Returns a copy, which belongs to the caller. */
  byte[] toBytes() {
    if (isTooLong()) {
      throw new IllegalStateException("The message was not kept");
    }
    return Arrays.copyOf(bytes, (int) length);
  }

  /** Empties the buffer and zeroes what was in it. */
  void clear() {
    Arrays.fill(bytes, 0, (int) Math.min(length, bytes.length), (byte) 0);
    length = 0;
  }
}
