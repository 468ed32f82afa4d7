// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

/**
 * After how much use a key rotates by itself, and how much of that its current material had.
 *
 * @param maxMessages 0 for no limit
 * @param maxBytes of plaintexts and messages; 0 for no limit
 * @param messages that were encrypted, signed or given a MAC, as far as they are counted
 * @param bytes of these
 */
public record UseLimit(long maxMessages, long maxBytes, long messages, long bytes) {

  /** Returns the same with more use. */
  public UseLimit plus(long moreMessages, long moreBytes) {
    return new UseLimit(maxMessages, maxBytes, messages + moreMessages, bytes + moreBytes);
  }

  /** Returns the same of new material. */
  public UseLimit fresh() {
    return new UseLimit(maxMessages, maxBytes, 0, 0);
  }

  /** Returns whether the material had as much use as it may have. */
  public boolean isReached() {
    return isReached(messages, maxMessages) || isReached(bytes, maxBytes);
  }

  private static boolean isReached(long count, long limit) {
    return limit > 0 && count >= limit;
  }
}
