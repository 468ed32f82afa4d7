// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;

/**
 * What a reader takes from a message that is not verified yet; beyond it the message is refused
 * with {@code KmsException.LimitExceeded}. A header is collected before anything in it can be
 * verified, and a frame before its plaintext may be released, so these numbers bound the memory of
 * a reader.
 *
 * @param maxEncryptedDataKeys 1 to 65535; each may cost the opener a call to a KMS
 * @param maxHeaderBytes length of the whole header
 * @param maxFrameBytes plaintext bytes in one frame, or in the body of an unframed message
 */
public record EnvelopeLimits(int maxEncryptedDataKeys, int maxHeaderBytes, int maxFrameBytes) {

  /** 100 encrypted data keys, a header of 1 MiB, frames of 16 MiB. */
  public static final EnvelopeLimits DEFAULT =
      new EnvelopeLimits(MessageKeys.MAX_COPIES, 1 << 20, 1 << 24);

  /** Arrays can't be much longer than 2^31, and a frame has 40 bytes and a footer around it. */
  private static final int MOST_BYTES = 1 << 30;

  /**
   * @throws IllegalArgumentException if a limit is not positive or more than 2^30 bytes
   */
  public EnvelopeLimits {
    requireBetween("maxEncryptedDataKeys", maxEncryptedDataKeys, 0xFFFF);
    requireBetween("maxHeaderBytes", maxHeaderBytes, MOST_BYTES);
    requireBetween("maxFrameBytes", maxFrameBytes, MOST_BYTES);
  }

  private static void requireBetween(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it may be from 1 to " + most + ".");
    }
  }

  void checkEncryptedDataKeys(int count) {
    check("encrypted data keys", count, maxEncryptedDataKeys);
  }

  void checkHeader(long bytes) {
    check("bytes of header", bytes, maxHeaderBytes);
  }

  void checkFrame(long bytes) {
    check("bytes in a frame", bytes, maxFrameBytes);
  }

  private static void check(String what, long claimed, int most) {
    if (claimed > most) {
      throw new KmsException.LimitExceeded(
          "The message claims to have "
              + claimed
              + " "
              + what
              + "; this reader takes at most "
              + most
              + ". If the message comes from a source that you trust, read it with larger"
              + " EnvelopeLimits; if not, it was damaged.");
    }
  }
}
