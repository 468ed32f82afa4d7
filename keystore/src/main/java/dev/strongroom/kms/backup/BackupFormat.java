// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file, version 1: {@code "strongroom-backup" 01 | length 4 | header | chunk … | length 2 |
 * signature}. A chunk is {@code last 1 | length 4 | sealed}; only the last one has a 1 there, and
 * after the signature the file ends. All is signed that stands before the length of the signature.
 */
final class BackupFormat {
  static final byte[] MAGIC = "strongroom-backup\u0001".getBytes(StandardCharsets.US_ASCII);
  static final int CHUNK_BYTES = 1 << 16;
  static final int TAG_BYTES = 16;
  static final int MOST_HEADER_BYTES = 1 << 20;
  static final int MOST_SIGNATURE_BYTES = 256;

  private BackupFormat() {}

  /** Returns the IV of a chunk: its number, and whether nothing may follow. */
  static byte[] iv(long number, boolean isLast) {
    return ByteBuffer.allocate(12).putLong(0, number).put(11, (byte) (isLast ? 1 : 0)).array();
  }

  /** Returns the one refusal of a file that is not what was written, whatever is wrong. */
  static KmsException.StoreTampered damaged(Path file) {
    return new KmsException.StoreTampered(
        "The backup "
            + file
            + " is cut off or was altered. Nothing of it was used; take another copy of it, or an"
            + " older backup.");
  }
}
