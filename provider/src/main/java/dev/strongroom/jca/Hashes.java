// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Locale;

/** Hash functions by name, from the JDK's own provider whatever stands first in the list. */
final class Hashes {
  private Hashes() {}

  /**
   * @param name a standard name such as {@code SHA-256}
   */
  static MessageDigest of(String name) {
    try {
      return MessageDigest.getInstance(name, "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new IllegalStateException(
          "This JVM's provider SUN does not have " + name + ". Put it back into java.security.", e);
    }
  }

  /** Returns the standard name of what callers also spell {@code SHA1} or {@code sha-256}. */
  static String standardName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("SHA")) {
      return "SHA-1";
    }
    return upper.startsWith("SHA") && !upper.contains("-") ? "SHA-" + upper.substring(3) : upper;
  }
}
