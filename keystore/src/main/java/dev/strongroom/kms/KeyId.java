// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a KMS key: a random UUID, unique for ever.
 *
 * <p>In binary formats it is 16 bytes, big-endian.
 */
public record KeyId(UUID uuid) implements KeyRef {

  /** Length of {@link #toBytes()}. */
  public static final int BYTES = 16;

  private static final Pattern SYNTAX =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** Returns whether {@code text} is a UUID in lower case. */
  static boolean isKeyId(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /**
   * @throws IllegalArgumentException unless {@code text} is a UUID in lower case
   */
  public static KeyId parse(String text) {
    if (!isKeyId(text)) {
      throw new IllegalArgumentException(
          "Not a key: \""
              + text
              + "\". Write a key id (1234abcd-12ab-34cd-56ef-1234567890ab), an alias"
              + " (alias/payroll) or the ARN of either.");
    }
    return new KeyId(UUID.fromString(text));
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
    return uuid.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
