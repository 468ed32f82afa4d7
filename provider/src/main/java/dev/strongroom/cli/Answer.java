// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command prints: members in AWS's order. A value is a String, Boolean, Integer, Instant,
 * byte array (printed in base64), char array (a secret in ASCII), Answer or List of these.
 *
 * <p>May hold secrets: {@link #wipe} after printing. Not thread-safe.
 */
final class Answer {

  private final Map<String, Object> members = new LinkedHashMap<>();
  private int exitCode;

  /** Returns an answer that prints nothing, as AWS CLI does for operations without a result. */
  static Answer none() {
    return new Answer();
  }

  /** Adds a member; keeps {@code value}, an array too. */
  Answer with(String name, Object value) {
    members.put(name, value);
    return this;
  }

  Answer withIfPresent(String name, Optional<?> value) {
    value.ifPresent(present -> members.put(name, present));
    return this;
  }

  /** Adds a list unless it is empty. */
  Answer withUnlessEmpty(String name, List<?> values) {
    return values.isEmpty() ? this : with(name, values);
  }

  /** Makes the program end with {@code code} although the command did its work. */
  Answer withExitCode(int code) {
    exitCode = code;
    return this;
  }

  Map<String, Object> members() {
    return members;
  }

  int exitCode() {
    return exitCode;
  }

  /** Zeroes every array inside. */
  void wipe() {
    wipe(members.values());
  }

  private static void wipe(Iterable<?> values) {
    for (Object value : values) {
      if (value instanceof byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
      } else if (value instanceof char[] secret) {
        Arrays.fill(secret, '\0');
      } else if (value instanceof Answer answer) {
        answer.wipe();
      } else if (value instanceof List<?> list) {
        wipe(list);
      }
    }
  }
}
