// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of an authenticated table: its columns, the store revision at which it was written, and
 * its MAC. A row that is yet to be written has the revision 0 and an empty MAC.
 *
 * <p>Immutable inside this package, which never changes the arrays it put in or took out.
 */
final class Row {
  private static final byte[] NO_MAC = {};
  private static final long NANOS = 1_000_000_000L;

  private final Table table;
  private final @Nullable Object[] values;
  private final long revision;
  private final long macVersion;
  private final byte[] mac;

  Row(Table table, @Nullable Object[] values, long revision, long macVersion, byte[] mac) {
    this.table = table;
    this.values = values;
    this.revision = revision;
    this.macVersion = macVersion;
    this.mac = mac;
  }

  /**
   * Returns a row to be written.
   *
   * @param values Long, String, byte[] or null, in the order of {@link Table#columns()}
   * @throws KmsException.Validation if a text is not well-formed Unicode or contains U+0000, which
   *     not every database can hold
   */
  static Row of(Table table, @Nullable Object... values) {
    for (int i = 0; i < table.columns().size(); i++) {
      Table.Column column = table.columns().get(i);
      if (!fits(column, values[i])) {
        throw new IllegalArgumentException(table.sqlName() + "." + column.name() + " has no value");
      }
      if (values[i] instanceof String text && !isStorable(text)) {
        throw new KmsException.Validation(
            "The "
                + column.name().replace('_', ' ')
                + " contains U+0000 or half of a surrogate pair. Remove that character.");
      }
    }
    return new Row(table, values, 0, 0, NO_MAC);
  }

  /** Returns whether the value has the column's type. */
  static boolean fits(Table.Column column, @Nullable Object value) {
    if (value == null) {
      return column.mayBeAbsent();
    }
    return switch (column.type()) {
      case INTEGER -> value instanceof Long;
      case TEXT -> value instanceof String;
      case BYTES -> value instanceof byte[];
    };
  }

  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Returns nanoseconds since 1970.
   *
   * @throws KmsException.Validation before the year 1678 and after 2261
   */
  static Long nanos(Instant instant) {
    try {
      return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    } catch (ArithmeticException e) {
      throw new KmsException.Validation(
          "The store cannot hold the time " + instant + ". Check the clock of this machine.");
    }
  }

  /** Returns this row with the hash of rows that it owns. */
  Row withBytes(String column, byte @Nullable [] value) {
    @Nullable Object[] copy = values.clone();
    copy[table.indexOf(column)] = value;
    return new Row(table, copy, revision, macVersion, mac);
  }

  /** Returns this row with another value in a column. */
  Row with(String column, Object value) {
    @Nullable Object[] copy = values.clone();
    copy[table.indexOf(column)] = value;
    return new Row(table, copy, revision, macVersion, mac);
  }

  Row withRevision(long newRevision) {
    return new Row(table, values, newRevision, 0, NO_MAC);
  }

  Row withMac(int version, byte[] newMac) {
    return new Row(table, values, revision, version, newMac);
  }

  Table table() {
    return table;
  }

  long revision() {
    return revision;
  }

  long macVersion() {
    return macVersion;
  }

  byte[] mac() {
    return mac;
  }

  @Nullable Object value(int index) {
    return values[index];
  }

  long integer(String column) {
    return (Long) Objects.requireNonNull(values[table.indexOf(column)]);
  }

  String text(String column) {
    return (String) Objects.requireNonNull(values[table.indexOf(column)]);
  }

  byte[] bytes(String column) {
    return (byte[]) Objects.requireNonNull(values[table.indexOf(column)]);
  }

  byte @Nullable [] maybeBytes(String column) {
    return (byte[]) values[table.indexOf(column)];
  }

  Instant instant(String column) {
    return instant(integer(column));
  }

  /** Returns whether an integer that may be absent is there and not 0. */
  boolean isSet(String column) {
    Long value = (Long) values[table.indexOf(column)];
    return value != null && value != 0;
  }

  Optional<Long> maybeInteger(String column) {
    return Optional.ofNullable((Long) values[table.indexOf(column)]);
  }

  Optional<String> maybeText(String column) {
    return Optional.ofNullable((String) values[table.indexOf(column)]);
  }

  Optional<Instant> maybeInstant(String column) {
    return Optional.ofNullable((Long) values[table.indexOf(column)]).map(Row::instant);
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  List<Object> key() {
    List<Object> key = new ArrayList<>(table.keyColumns());
    for (int i = 0; i < table.keyColumns(); i++) {
      key.add(Objects.requireNonNull(values[i]));
    }
    return key;
  }

  /** Returns the primary key of the row that owns this one; of a root, its own. */
  List<Object> ownerKey() {
    List<Object> key = new ArrayList<>(2);
    for (String name : table.ownerKeyNames()) {
      key.add(Objects.requireNonNull(values[table.indexOf(name)]));
    }
    return key;
  }

  /** Returns the parameters of {@link Table#insertSql()}. */
  List<@Nullable Object> parameters() {
    List<@Nullable Object> parameters = new ArrayList<>(Arrays.asList(values));
    parameters.add(revision);
    parameters.add(macVersion);
    parameters.add(mac);
    return parameters;
  }

  /** Returns whether all columns are equal, revision and MAC aside. */
  boolean hasContentOf(Row other) {
    return table == other.table && Arrays.deepEquals(values, other.values);
  }

  /** Returns whether the rows are equal to the last byte. */
  boolean isIdenticalTo(Row other) {
    return hasContentOf(other)
        && revision == other.revision
        && macVersion == other.macVersion
        && Arrays.equals(mac, other.mac);
  }

  /** Returns table and primary key, for messages. */
  String name() {
    return name(table, key());
  }

  static String name(Table table, List<?> key) {
    return key.stream()
        .map(Object::toString)
        .collect(Collectors.joining(", ", table.sqlName() + "[", "]"));
  }

  @Override
  public String toString() {
    return name();
  }
}
