// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What EnableKeyRotation is asked for.
 *
 * @param periodInDays 90 to 2560
 * @param withOverlap whether an HMAC or asymmetric key may rotate, too, which AWS refuses: the
 *     newest material signs, and all verify
 * @param maxMessages after how many messages the key rotates before that; at least 1000
 * @param maxBytes after how many bytes of these; at least 1 MiB
 */
public record EnableKeyRotationRequest(
    KeyRef key,
    int periodInDays,
    boolean withOverlap,
    Optional<Long> maxMessages,
    Optional<Long> maxBytes) {

  /** The parameter that says how often a key rotates by itself. */
  static final String PERIOD = "rotationPeriodInDays";

  private static final int MIN_DAYS = 90;
  private static final int MAX_DAYS = 2560;

  /** The fewest messages: keys that rotate all the time are full of old material. */
  public static final long LEAST_MESSAGES = 1000;

  /** The fewest bytes. */
  public static final long LEAST_BYTES = 1L << 20;

  /**
   * @throws KmsException.Validation if a number is out of its range
   */
  public EnableKeyRotationRequest {
    if (periodInDays < MIN_DAYS || periodInDays > MAX_DAYS) {
      throw new KmsException.Validation(
          "A key rotates every 90 to 2560 days, and not every " + periodInDays + ".");
    }
    if (maxMessages.isPresent() && maxMessages.get() < LEAST_MESSAGES) {
      throw new KmsException.Validation(
          "A key rotates after 1000 messages or more, and not after " + maxMessages.get() + ".");
    }
    if (maxBytes.isPresent() && maxBytes.get() < LEAST_BYTES) {
      throw new KmsException.Validation(
          "A key rotates after 1048576 bytes or more, and not after " + maxBytes.get() + ".");
    }
  }

  /** Asks as in AWS: for symmetric keys, by date. */
  public static EnableKeyRotationRequest of(KeyRef key, int periodInDays) {
    return new EnableKeyRotationRequest(
        key, periodInDays, false, Optional.empty(), Optional.empty());
  }

  /** Returns the same for an HMAC or asymmetric key as well. */
  public EnableKeyRotationRequest overlapping() {
    return new EnableKeyRotationRequest(key, periodInDays, true, maxMessages, maxBytes);
  }

  /** Returns the same, also after so many messages that are encrypted, signed or given a MAC. */
  public EnableKeyRotationRequest afterMessages(long messages) {
    return new EnableKeyRotationRequest(
        key, periodInDays, withOverlap, Optional.of(messages), maxBytes);
  }

  /** Returns the same, also after so many bytes of plaintexts and messages. */
  public EnableKeyRotationRequest afterBytes(long bytes) {
    return new EnableKeyRotationRequest(
        key, periodInDays, withOverlap, maxMessages, Optional.of(bytes));
  }

  /** Returns what is on record. */
  Map<String, String> parameters() {
    Map<String, String> all = new TreeMap<>();
    all.put(PERIOD, String.valueOf(periodInDays));
    maxMessages.ifPresent(limit -> all.put("maxMessages", String.valueOf(limit)));
    maxBytes.ifPresent(limit -> all.put("maxBytes", String.valueOf(limit)));
    return all;
  }
}
