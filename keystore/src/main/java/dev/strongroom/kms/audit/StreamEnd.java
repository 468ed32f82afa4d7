// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * How a closed stream ends. Immutable.
 *
 * <pre>
 * offset length
 *      0      8  number of seals
 *      8      8  number of records
 *     16     32  MAC of the last seal
 * </pre>
 */
public final class StreamEnd {

  /** Length of {@link #toBytes()}. */
  public static final int BYTES = 2 * Long.BYTES + JournalFormat.MAC_BYTES;

  private final long seals;
  private final long records;
  private final byte[] mac;

  /** Takes ownership of {@code mac}. */
  StreamEnd(long seals, long records, byte[] mac) {
    this.seals = seals;
    this.records = records;
    this.mac = mac;
  }

  /**
   * Reads what {@link #toBytes()} returned.
   *
   * @throws IllegalArgumentException if it is not as long
   */
  public static StreamEnd fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("The end of a stream has 48 bytes, not " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] mac = new byte[JournalFormat.MAC_BYTES];
    StreamEnd end = new StreamEnd(in.getLong(), in.getLong(), mac);
    in.get(mac);
    return end;
  }

  /** Returns the bytes above, owned by the caller. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(seals).putLong(records).put(mac).array();
  }

  public long records() {
    return records;
  }

  /** Returns whether both are the same end. */
  boolean isSameAs(StreamEnd other) {
    return MessageDigest.isEqual(toBytes(), other.toBytes());
  }
}
