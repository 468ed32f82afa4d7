// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a KMS key: a random UUID, unique for ever. That of a multi-Region key is written {@code
 * mrk-} and 32 hexadecimal digits; its UUID has the version 8 (RFC 9562 §5.8), so that the 16 bytes
 * tell it.
 *
 * <p>In binary formats it is 16 bytes, big-endian.
 */
public record KeyId(UUID uuid) implements KeyRef {

  /** Length of {@link #toBytes()}. */
  public static final int BYTES = 16;

  private static final Pattern SYNTAX =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final Pattern MULTI_REGION = Pattern.compile("mrk-[0-9a-f]{32}");
  private static final String PREFIX = "mrk-";
  private static final int MULTI_REGION_VERSION = 8;

  /** Returns a new id of a key of one region. */
  public static KeyId random() {
    return new KeyId(UUID.randomUUID());
  }

  /** Returns a new id of a multi-Region key. */
  public static KeyId randomMultiRegion() {
    UUID random = UUID.randomUUID();
    long high = (random.getMostSignificantBits() & ~0xf000L) | (MULTI_REGION_VERSION << 12);
    return new KeyId(new UUID(high, random.getLeastSignificantBits()));
  }

  /** Returns whether it is the id of a multi-Region key. */
  public boolean isMultiRegion() {
    return uuid.version() == MULTI_REGION_VERSION;
  }

  /** Returns whether {@code text} is what {@link #text} gives for some id. */
  static boolean isKeyId(String text) {
    return (SYNTAX.matcher(text).matches() || MULTI_REGION.matcher(text).matches())
        && (uuidOf(text).version() == MULTI_REGION_VERSION) == text.startsWith(PREFIX);
  }

  private static UUID uuidOf(String text) {
    return UUID.fromString(
        text.startsWith(PREFIX)
            ? text.substring(PREFIX.length())
                .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")
            : text);
  }

  /**
   * @throws IllegalArgumentException unless {@code text} is what {@link #text} gives for some id
   */
  public static KeyId parse(String text) {
    if (!isKeyId(text)) {
      throw new IllegalArgumentException(
          "Not a key: \""
              + text
              + "\". Write a key id (1234abcd-12ab-34cd-56ef-1234567890ab), an alias"
              + " (alias/payroll) or the ARN of either.");
    }
    return new KeyId(uuidOf(text));
  }

  /** Reads the 16 bytes at {@code offset}. */
  public static KeyId fromBytes(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new KeyId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  @Override
  public String text() {
    return isMultiRegion() ? PREFIX + uuid.toString().replace("-", "") : uuid.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
