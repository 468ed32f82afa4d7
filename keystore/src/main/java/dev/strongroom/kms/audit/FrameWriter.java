// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Puts one frame after the other together, in one array that is used again and again.
 *
 * <p>Not thread-safe.
 */
final class FrameWriter {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // What the checksum covers lies together: number of records, word, payload.
  private static final int WORD = Long.BYTES;
  private static final int PAYLOAD = WORD + Integer.BYTES;

  private final byte[] bytes = new byte[PAYLOAD + JournalFormat.MAX_FRAME_BYTES];
  private final CRC32C crc = new CRC32C();
  private int type;
  private int end;

  /** Begins a frame; what was written before is forgotten. */
  FrameWriter begin(int type) {
    this.type = type;
    this.end = PAYLOAD;
    return this;
  }

  FrameWriter u8(int value) {
    ensure(1);
    bytes[end++] = (byte) value;
    return this;
  }

  FrameWriter u32(int value) {
    ensure(Integer.BYTES);
    INT.set(bytes, end, value);
    end += Integer.BYTES;
    return this;
  }

  FrameWriter u48(long value) {
    ensure(Long.BYTES);
    LONG.set(bytes, end, value << 16);
    end += JournalFormat.TIME_BYTES;
    return this;
  }

  FrameWriter u64(long value) {
    ensure(Long.BYTES);
    LONG.set(bytes, end, value);
    end += Long.BYTES;
    return this;
  }

  FrameWriter uuid(UUID value) {
    return u64(value.getMostSignificantBits()).u64(value.getLeastSignificantBits());
  }

  FrameWriter varint(int value) {
    ensure(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
    return this;
  }

  /** Writes bytes without their length. */
  FrameWriter raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, end, value.length);
    end += value.length;
    return this;
  }

  FrameWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).raw(utf8);
  }

  private void ensure(int more) {
    if (end - PAYLOAD + more > JournalFormat.MAX_FRAME_BYTES - JournalFormat.FRAME_HEAD_BYTES) {
      throw new KmsException.AuditUnavailable(
          "The record of this call would be longer than 65,536 bytes, which the audit trail does not"
              + " take. Shorten the parameters of the call.",
          null);
    }
  }

  /** Returns the length of the frame in the file. */
  int frameBytes() {
    return JournalFormat.frameBytes(end - PAYLOAD);
  }

  /**
   * Writes the frame to a file.
   *
   * @param records how many records come before the frame in the stream
   */
  void put(Window window, long position, long records) {
    int word = JournalFormat.word(type, end - PAYLOAD);
    LONG.set(bytes, 0, records);
    INT.set(bytes, WORD, word);
    crc.reset();
    crc.update(bytes, 0, end);
    window.put(position, (int) crc.getValue(), bytes, PAYLOAD, end - PAYLOAD);
    window.publish(position, word);
  }
}
