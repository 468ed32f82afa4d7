// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.regex.Pattern;

/**
 * A name and value that somebody put on a key, for order and for policies. Not secret: it is on
 * record and in lists.
 *
 * @param key 1 to 128 characters; case matters
 * @param value up to 256 characters
 */
public record Tag(String key, String value) {
  private static final String CHARACTERS = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
  private static final Pattern KEY = Pattern.compile(CHARACTERS + "{1,128}");
  private static final Pattern VALUE = Pattern.compile(CHARACTERS + "{0,256}");
  private static final String RESERVED = "aws:";

  /**
   * @throws KmsException.Tag unless both have letters, digits, spaces and _ . : / = + - @ only, and
   *     the key does not begin with {@code aws:} in upper or lower case
   */
  public Tag {
    requireKey(key);
    if (!VALUE.matcher(value).matches()) {
      throw new KmsException.Tag(
          "The value of tag \""
              + shown(key)
              + "\" is not one. Write up to 256 letters, digits, spaces and _ . : / = + - @.");
    }
  }

  /**
   * Returns a key that a tag can have.
   *
   * @throws KmsException.Tag for others
   */
  public static String requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new KmsException.Tag(
          "\""
              + shown(key)
              + "\" is not the key of a tag. Write 1 to 128 letters, digits, spaces and"
              + " _ . : / = + - @.");
    }
    if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
      throw new KmsException.Tag(
          "Keys of tags that begin with aws: are reserved, as \""
              + shown(key)
              + "\" does. Choose another one.");
    }
    return key;
  }

  private static String shown(String key) {
    return key.length() <= 128 ? key : key.substring(0, 128) + "…";
  }
}
