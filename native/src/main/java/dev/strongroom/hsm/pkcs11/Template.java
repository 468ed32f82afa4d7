// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Attributes of an object to be made or found, an array of CK_ATTRIBUTE (PKCS#11 v2.40 §4.1).
 *
 * <p>Immutable: each method returns a longer template. Holds no secrets but those of probes.
 */
final class Template {
  static final Template EMPTY = new Template(List.of());

  private static final int[] ATTRIBUTE = Abi.HERE.layout(Abi.CK_ATTRIBUTE);

  private final List<Entry> entries;

  private Template(List<Entry> entries) {
    this.entries = entries;
  }

  /** Exactly one of {@code value} and {@code nested} counts: the nested one if it has entries. */
  private record Entry(long type, ByteBuffer value, Template nested) {}

  static Template of(long objectClass, long keyType) {
    return EMPTY.ulong(Cka.CLASS, objectClass).ulong(Cka.KEY_TYPE, keyType);
  }

  Template flag(long type, boolean value) {
    return bytes(type, new byte[] {(byte) (value ? 1 : 0)});
  }

  /** Returns this with a flag in place of that of the same type, where there is one. */
  Template with(long type, boolean value) {
    return without(type).flag(type, value);
  }

  /** Returns this without what it says of that type. */
  Template without(long type) {
    List<Entry> others = new ArrayList<>(entries);
    others.removeIf(entry -> entry.type() == type);
    return new Template(others);
  }

  Template yes(long... types) {
    Template result = this;
    for (long type : types) {
      result = result.flag(type, true);
    }
    return result;
  }

  Template no(long... types) {
    Template result = this;
    for (long type : types) {
      result = result.flag(type, false);
    }
    return result;
  }

  Template ulong(long type, long value) {
    ByteBuffer buffer = ByteBuffer.allocate(Abi.HERE.ulongBytes).order(ByteOrder.nativeOrder());
    return bytes(
        type,
        Abi.HERE.ulongBytes == 8
            ? buffer.putLong(value).array()
            : buffer.putInt((int) value).array());
  }

  /** Takes ownership of {@code value}. */
  Template bytes(long type, byte[] value) {
    return plus(new Entry(type, ByteBuffer.wrap(value), EMPTY));
  }

  Template nested(long type, Template template) {
    return plus(new Entry(type, ByteBuffer.allocate(0), template));
  }

  private Template plus(Entry entry) {
    List<Entry> longer = new ArrayList<>(entries);
    longer.add(entry);
    return new Template(longer);
  }

  int count() {
    return entries.size();
  }

  /** Writes the array and, behind it, the values; returns where the free part begins. */
  int write(Block block, int offset) {
    int size = ATTRIBUTE[3];
    int free = align(offset + size * entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int at = offset + size * i;
      byte[] value = entry.value().array();
      boolean isArray = entry.nested().count() > 0;
      int length = isArray ? size * entry.nested().count() : value.length;
      block.putUlong(at, entry.type());
      block.putPointer(at + ATTRIBUTE[1], block.address(free));
      block.putUlong(at + ATTRIBUTE[2], length);
      if (isArray) {
        free = entry.nested().write(block, free);
      } else {
        block.putBytes(free, value);
        free = align(free + length);
      }
    }
    return free;
  }

  private static int align(int offset) {
    return (offset + 7) & ~7;
  }
}
