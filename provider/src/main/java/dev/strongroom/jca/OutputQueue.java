// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * What a streaming cipher has produced and not handed over yet. Zeroes what it hands over, because
 * it may be plaintext. Not thread-safe.
 */
final class OutputQueue extends OutputStream {
  private byte[] bytes = new byte[0];
  private int start;
  private int end;

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    if (bytes.length - end < count) {
      makeRoom(count);
    }
    System.arraycopy(source, offset, bytes, end, count);
    end += count;
  }

  private void makeRoom(int count) {
    int size = size();
    int needed = Math.addExact(size, count);
    byte[] target = needed > bytes.length ? new byte[Math.max(needed, 2 * size)] : bytes;
    System.arraycopy(bytes, start, target, 0, size);
    if (target == bytes) {
      Arrays.fill(bytes, size, end, (byte) 0);
    } else {
      Arrays.fill(bytes, start, end, (byte) 0);
      bytes = target;
    }
    start = 0;
    end = size;
  }

  int size() {
    return end - start;
  }

  /** Hands over as much as there is room for, and returns how much that was. */
  int moveTo(byte[] out, int offset) {
    int count = Math.min(size(), out.length - offset);
    System.arraycopy(bytes, start, out, offset, count);
    Arrays.fill(bytes, start, start + count, (byte) 0);
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
    }
    return count;
  }

  /** Hands over all. */
  byte[] takeAll() {
    byte[] all = new byte[size()];
    moveTo(all, 0);
    return all;
  }

  /** Forgets what is left. */
  void clear() {
    Arrays.fill(bytes, start, end, (byte) 0);
    start = 0;
    end = 0;
  }
}
