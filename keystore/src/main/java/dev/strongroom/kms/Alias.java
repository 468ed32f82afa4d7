// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.regex.Pattern;

/** A movable, human-readable name for a KMS key, such as {@code alias/payroll}. */
public record Alias(String name) implements KeyRef {

  /** What every alias starts with. */
  public static final String PREFIX = "alias/";

  private static final Pattern SYNTAX = Pattern.compile("alias/[A-Za-z0-9:/_-]{1,250}");

  /**
   * @throws IllegalArgumentException unless {@code name} follows the syntax above
   */
  public Alias {
    if (!SYNTAX.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Not an alias: \""
              + name
              + "\". Write \"alias/\" and then 1 to 250 letters, digits, ':', '/', '_' or '-',"
              + " for example \"alias/payroll\".");
    }
  }

  /** Returns the name without {@code alias/}: what a KeyStore shows. */
  public String shortName() {
    return name.substring(PREFIX.length());
  }

  @Override
  public String text() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
