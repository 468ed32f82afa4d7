// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a store as bytes, with their revisions and MACs, so that a copy proves itself as the
 * store does. The layout is in docs/formats.md; whoever keeps it seals it.
 *
 * <p>Tables and columns are named, so that a later version reads what an earlier one wrote.
 */
final class StoreImage {
  private static final List<Table> TABLES = List.of(Table.values());
  private static final int VERSION = 1;
  private static final int END = 0;
  private static final int ABSENT = 0;
  private static final int INTEGER = 1;
  private static final int TEXT = 2;
  private static final int BYTES = 3;
  private static final int MOST_BYTES = 1 << 26;

  private StoreImage() {}

  /** Writes every row that the transaction sees. */
  static void write(Session session, DataOutputStream out) throws SQLException {
    try {
      out.writeByte(VERSION);
      out.writeByte(Table.values().length);
      for (Table table : Table.values()) {
        out.writeUTF(table.sqlName());
        out.writeShort(table.columns().size());
        for (Table.Column column : table.columns()) {
          out.writeUTF(column.name());
        }
      }
      for (Table table : Table.values()) {
        session.forEach(table, table.selectSql(), row -> write(row, out));
      }
      out.writeByte(END);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Row row, DataOutputStream out) {
    try {
      out.writeByte(1 + TABLES.indexOf(row.table()));
      for (Object value : row.parameters()) {
        write(value, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeByte(ABSENT);
    } else if (value instanceof Long number) {
      out.writeByte(INTEGER);
      out.writeLong(number);
    } else if (value instanceof String text) {
      write(TEXT, text.getBytes(StandardCharsets.UTF_8), out);
    } else {
      write(BYTES, (byte[]) value, out);
    }
  }

  private static void write(int type, byte[] bytes, DataOutputStream out) throws IOException {
    out.writeByte(type);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads every row of an image.
   *
   * @throws KmsException.Configuration if a later version wrote it
   */
  static void read(DataInputStream in, Session.Each each) throws SQLException {
    try {
      if (in.readUnsignedByte() != VERSION) {
        throw later();
      }
      List<Layout> layouts = new ArrayList<>();
      int tables = in.readUnsignedByte();
      for (int i = 0; i < tables; i++) {
        layouts.add(Layout.read(in));
      }
      for (int next = in.readUnsignedByte(); next != END; next = in.readUnsignedByte()) {
        if (next > layouts.size()) {
          throw later();
        }
        each.accept(layouts.get(next - 1).row(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object readValue(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case ABSENT -> null;
      case INTEGER -> in.readLong();
      case TEXT -> new String(readBytes(in), StandardCharsets.UTF_8);
      case BYTES -> readBytes(in);
      default -> throw later();
    };
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw later();
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static KmsException later() {
    return new KmsException.Configuration(
        "The backup holds what this program does not know. Use the newer version of Strongroom that"
            + " wrote it.",
        null);
  }

  /** The columns of one table as they are in an image: where each of them goes. */
  private record Layout(Table table, List<Integer> targets) {

    static Layout read(DataInputStream in) throws IOException {
      String name = in.readUTF();
      int columns = in.readUnsignedShort();
      Table table = null;
      for (Table known : Table.values()) {
        table = known.sqlName().equals(name) ? known : table;
      }
      if (table == null) {
        throw later();
      }
      List<Integer> targets = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        targets.add(target(table, in.readUTF()));
      }
      return new Layout(table, targets);
    }

    private static int target(Table table, String column) {
      try {
        return table.indexOf(column);
      } catch (IllegalArgumentException e) {
        throw later();
      }
    }

    Row row(DataInputStream in) throws IOException {
      @Nullable Object[] values = new Object[table.columns().size()];
      for (int target : targets) {
        values[target] = readValue(in);
      }
      for (int i = 0; i < values.length; i++) {
        if (!Row.fits(table.columns().get(i), values[i])) {
          throw later();
        }
      }
      if (readValue(in) instanceof Long revision
          && readValue(in) instanceof Long version
          && readValue(in) instanceof byte[] mac) {
        return new Row(table, values, revision, version, mac);
      }
      throw later();
    }
  }
}
