// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

/**
 * What the row of a key says of its grants: how many there are, and a hash of each part of them. A
 * part is the grants whose ids begin with the same two digits, so that one grant more among 50,000
 * costs the reading of two hundred.
 *
 * <table>
 * <caption>Layout of the column key_grant_hash, big-endian</caption>
 * <tr><th>grants</th><th>bytes</th></tr>
 * <tr><td>none</td><td>{@link RowMacs#ownedHash} of no rows, 32</td></tr>
 * <tr><td>1 to 64</td><td>number 8 | {@code ownedHash} of all rows 32</td></tr>
 * <tr><td>more</td><td>number 8 | {@code ownedHash} of each part, 256 times 32</td></tr>
 * </table>
 */
final class GrantHash {

  /** Up to so many are one part. */
  static final int FEW = 64;

  private static final int MANY_PARTS = 256;
  private static final int HASH_BYTES = 32;
  private static final byte[] NONE = RowMacs.ownedHash(Table.KEY_GRANT.sqlName(), List.of());

  private final byte[] bytes;

  private GrantHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes for a key without grants. */
  static byte[] none() {
    return NONE.clone();
  }

  /**
   * Reads what the verified row of a key says.
   *
   * @throws dev.strongroom.kms.KmsException.StoreTampered if no KMS writes such a thing
   */
  static GrantHash of(Row key) {
    byte[] bytes = key.bytes(Table.KEY_GRANT.hashColumn());
    boolean isNone = MessageDigest.isEqual(bytes, NONE);
    if (!isNone
        && (bytes.length < Long.BYTES
            || bytes.length != length(ByteBuffer.wrap(bytes).getLong()))) {
      throw Tampering.unreadable(key);
    }
    return new GrantHash(bytes);
  }

  /**
   * Returns the hash of so many grants.
   *
   * @param hashes one for each of {@link #parts(long)} parts
   */
  static GrantHash of(long count, List<byte[]> hashes) {
    if (count == 0) {
      return new GrantHash(NONE);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length(count)).putLong(count);
    hashes.forEach(bytes::put);
    return new GrantHash(bytes.array());
  }

  private static int length(long count) {
    return Long.BYTES + HASH_BYTES * parts(count);
  }

  /** Returns into how many parts so many grants are divided. */
  static int parts(long count) {
    return count == 0 ? 0 : count <= FEW ? 1 : MANY_PARTS;
  }

  /** Returns the part that a grant is in. */
  static int partOf(String grantId, int parts) {
    return parts == MANY_PARTS
        ? 16 * Character.digit(grantId.charAt(0), 16) + Character.digit(grantId.charAt(1), 16)
        : 0;
  }

  /** Returns the least id that can be in a part; of the number of parts, one that is above all. */
  static String lowestId(int part, int parts) {
    if (part == parts) {
      return "g";
    }
    return parts == MANY_PARTS
        ? "" + Character.forDigit(part / 16, 16) + Character.forDigit(part % 16, 16)
        : "";
  }

  long count() {
    return bytes.length == NONE.length ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  int parts() {
    return parts(count());
  }

  byte[] part(int part) {
    byte[] hash = new byte[HASH_BYTES];
    System.arraycopy(bytes, Long.BYTES + HASH_BYTES * part, hash, 0, HASH_BYTES);
    return hash;
  }

  /** Returns the column's value. */
  byte[] toBytes() {
    return bytes.clone();
  }

  boolean isSameAs(GrantHash other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }
}
