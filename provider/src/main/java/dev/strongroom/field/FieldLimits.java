// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import java.time.Duration;

/**
 * How long and how much a data key of a {@link FieldEncryptor} is used, whichever is reached first.
 *
 * @param maxAge since the data key was made or decrypted; 1 ms to 1 day. Also how long a right that
 *     was withdrawn, or a key that was disabled, can still be used by who has the data key cached
 * @param maxMessages how many values one data key encrypts; 1 to 2^32 (SP 800-38D §8.3: random IVs
 *     of 96 bits)
 * @param maxBytes how many bytes of plaintext one data key encrypts, each value counted as at least
 *     one; 1 to 2^48
 * @param maxKeys how many data keys are cached for encrypting, and as many for decrypting; 1 to 1
 *     million
 */
public record FieldLimits(Duration maxAge, long maxMessages, long maxBytes, int maxKeys) {

  private static final Duration LONGEST = Duration.ofDays(1);

  /** 5 minutes, 2^24 values, 64 GiB, 1000 data keys. */
  public static final FieldLimits DEFAULT =
      new FieldLimits(Duration.ofMinutes(5), 1L << 24, 1L << 36, 1000);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is out of its bounds
   */
  public FieldLimits {
    if (maxAge.compareTo(Duration.ofMillis(1)) < 0 || maxAge.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "maxAge is " + maxAge + ". A data key may be used for 1 ms to 1 day.");
    }
    requireWithin("maxMessages", maxMessages, 1L << 32);
    requireWithin("maxBytes", maxBytes, 1L << 48);
    requireWithin("maxKeys", maxKeys, 1_000_000);
  }

  private static void requireWithin(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + " is " + value + ". It can be 1 to " + most + ".");
    }
  }

  public FieldLimits withMaxAge(Duration age) {
    return new FieldLimits(age, maxMessages, maxBytes, maxKeys);
  }

  public FieldLimits withMaxMessages(long messages) {
    return new FieldLimits(maxAge, messages, maxBytes, maxKeys);
  }

  public FieldLimits withMaxBytes(long bytes) {
    return new FieldLimits(maxAge, maxMessages, bytes, maxKeys);
  }

  public FieldLimits withMaxKeys(int keys) {
    return new FieldLimits(maxAge, maxMessages, maxBytes, keys);
  }
}
