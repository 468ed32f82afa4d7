// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON (RFC 8259).
 *
 * <p>Values are {@code Map<String, Object>}, {@code List<Object>}, String, Boolean, Long (whole
 * numbers that fit), BigDecimal (all others) and null. Reading is strict: no comments, no trailing
 * commas, no repeated names, nothing after the value, at most {@value #MAX_DEPTH} levels, numbers
 * of at most {@value #MAX_NUMBER_CHARS} characters.
 */
public final class Json {

  /** The most levels that objects and arrays may be nested. */
  public static final int MAX_DEPTH = 32;

  /** The most characters that a number may have. */
  public static final int MAX_NUMBER_CHARS = 64;

  private Json() {}

  /**
   * Returns the value of a text as modifiable maps and lists, in the order of the text.
   *
   * @param maxChars longer texts are refused before they are looked at
   * @throws JsonException if the text is not JSON or breaks a limit
   */
  public static @Nullable Object parse(String text, int maxChars) throws JsonException {
    return parseNode(text, maxChars).toPlain();
  }

  /**
   * Returns the value of a text with the positions of its parts.
   *
   * @param maxChars longer texts are refused before they are looked at
   * @throws JsonException if the text is not JSON or breaks a limit
   */
  public static JsonNode parseNode(String text, int maxChars) throws JsonException {
    if (text.length() > maxChars) {
      throw new JsonException(
          new JsonPosition(1, 1),
          "The text is " + text.length() + " characters long; at most " + maxChars + " may be.");
    }
    return new JsonReader(text).read();
  }

  /**
   * Returns the text of a value on one line, without spaces.
   *
   * @throws IllegalArgumentException if it holds anything but the types named above
   */
  public static String write(@Nullable Object value) {
    return JsonWriter.compact(value);
  }

  /**
   * Returns the text of a value as the AWS CLI prints it: four spaces a level, one member or item a
   * line, no line end after the last.
   *
   * @throws IllegalArgumentException if it holds anything but the types named above
   */
  public static String writePretty(@Nullable Object value) {
    return JsonWriter.pretty(value);
  }
}
