// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Memory outside the Java heap that PKCS#11 functions read and write, reached through one buffer.
 *
 * <p>Not thread-safe. The memory is freed when this object is unreachable: callers keep it in a
 * field and call {@link #keepAlive} after the native call if they don't.
 */
final class Block {
  private final Memory memory;
  private final ByteBuffer buffer;
  private final long address;

  Block(int size) {
    memory = new Memory(size);
    memory.clear();
    buffer = memory.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    address = Pointer.nativeValue(memory);
  }

  int size() {
    return buffer.capacity();
  }

  /** Returns the native address of the byte at {@code offset}. */
  long address(int offset) {
    return address + offset;
  }

  void putBytes(int offset, byte[] bytes) {
    buffer.put(offset, bytes);
  }

  byte[] bytes(int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.get(offset, bytes);
    return bytes;
  }

  void putByte(int offset, int value) {
    buffer.put(offset, (byte) value);
  }

  int unsignedByte(int offset) {
    return buffer.get(offset) & 0xFF;
  }

  void putPointer(int offset, long value) {
    buffer.putLong(offset, value);
  }

  void putUlong(int offset, long value) {
    if (Abi.HERE.ulongBytes == 8) {
      buffer.putLong(offset, value);
    } else {
      buffer.putInt(offset, (int) value);
    }
  }

  long ulong(int offset) {
    return Abi.HERE.ulongBytes == 8
        ? buffer.getLong(offset)
        : Integer.toUnsignedLong(buffer.getInt(offset));
  }

  /** Returns a text of fixed length, which PKCS#11 pads with blanks, trimmed. */
  String text(int offset, int length) {
    return new String(bytes(offset, length), StandardCharsets.UTF_8).replace('\0', ' ').strip();
  }

  void clear(int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      buffer.put(i, (byte) 0);
    }
  }

  /** Makes the memory live at least until here. */
  @SuppressWarnings("ReachabilityFenceUsage") // a call that throws no longer needs the memory
  void keepAlive() {
    Reference.reachabilityFence(memory);
  }
}
