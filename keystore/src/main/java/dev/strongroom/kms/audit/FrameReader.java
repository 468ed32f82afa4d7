// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the payload of a frame from its beginning to its end. What does not fit the format is a
 * {@link Malformed}.
 */
final class FrameReader {

  /** A payload is not what its type says: nobody who writes this format wrote it. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final byte[] bytes;
  private final int end;
  private int at;

  FrameReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  int u8() throws Malformed {
    return bytes[take(1)] & 0xff;
  }

  int u32() throws Malformed {
    return ByteBuffer.wrap(bytes).getInt(take(Integer.BYTES));
  }

  long u48() throws Malformed {
    int from = take(JournalFormat.TIME_BYTES);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return (buffer.getShort(from) & 0xffffL) << 32 | (buffer.getInt(from + 2) & 0xffff_ffffL);
  }

  long u64() throws Malformed {
    return ByteBuffer.wrap(bytes).getLong(take(Long.BYTES));
  }

  UUID uuid() throws Malformed {
    return new UUID(u64(), u64());
  }

  int varint() throws Malformed {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (value > Integer.MAX_VALUE) {
          throw new Malformed();
        }
        return (int) value;
      }
    }
    throw new Malformed();
  }

  byte[] raw(int length) throws Malformed {
    byte[] value = new byte[length];
    System.arraycopy(bytes, take(length), value, 0, length);
    return value;
  }

  /** Passes over bytes. */
  void skip(int length) throws Malformed {
    take(length);
  }

  /** Returns how many bytes are left. */
  int remaining() {
    return end - at;
  }

  /** Reads bytes into an array of the caller's. */
  void copyTo(byte[] target, int offset, int length) throws Malformed {
    System.arraycopy(bytes, take(length), target, offset, length);
  }

  /** Adds all bytes that are left to a hash, without reading them. */
  void addRestTo(MessageDigest hash) {
    hash.update(bytes, at, end - at);
  }

  String text() throws Malformed {
    int length = varint();
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  /** Reads a count and that many texts. */
  List<String> texts() throws Malformed {
    int count = varint();
    if (count > end - at) {
      throw new Malformed();
    }
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  /** Returns names and values in turn as pairs; a name without a value has an empty one. */
  static Map<String, String> pairs(List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i += 2) {
      pairs.put(texts.get(i), i + 1 < texts.size() ? texts.get(i + 1) : "");
    }
    return pairs;
  }

  private int take(int length) throws Malformed {
    if (length < 0 || length > end - at) {
      throw new Malformed();
    }
    int from = at;
    at += length;
    return from;
  }
}
