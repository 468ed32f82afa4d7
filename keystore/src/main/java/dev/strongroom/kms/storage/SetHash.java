// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Arrays;

/**
 * A hash of a set to which elements are added and from which they are removed in constant time:
 * LtHash with 1024 lanes of 16 bits (Bellare and Micciancio 1997; Lewi, Kim, Maykov and Weis 2019,
 * whose lane count and width give more than 200 bits of collision resistance).
 *
 * <table>
 * <caption>Layout: 2048 bytes</caption>
 * <tr><th>offset</th><th>length</th><th>field</th></tr>
 * <tr><td>2·i, i = 0 … 1023</td><td>2</td><td>lane i, big-endian: the sum of lane i of all elements
 * modulo 2^16; 0 for the empty set</td></tr>
 * </table>
 *
 * <p>An element is 32 bytes. Its lanes are the 2048 bytes {@code SHA-512(label || element || 00) ||
 * SHA-512(label || element || 01) || … || SHA-512(label || element || 1f)} with the ASCII label
 * {@code strongroom/1/set-hash}, read as 1024 big-endian numbers.
 *
 * <p>An element that is there 2^16 times counts as absent: whoever compares must count as well. Not
 * thread-safe.
 */
final class SetHash {

  /** Length of {@link #toBytes()}. */
  static final int BYTES = 2048;

  private static final int LANES = BYTES / Short.BYTES;
  private static final int BLOCKS = BYTES / 64;
  private static final byte[] LABEL = "strongroom/1/set-hash".getBytes(StandardCharsets.US_ASCII);

  private final short[] lanes = new short[LANES];
  private final MessageDigest sha512 = sha512();
  private final byte[] input = new byte[LABEL.length + 32 + 1];
  private final byte[] expanded = new byte[BYTES];
  private final short[] element = new short[LANES];

  /** The hash of the empty set. */
  SetHash() {
    System.arraycopy(LABEL, 0, input, 0, LABEL.length);
  }

  /**
   * Reads what {@link #toBytes()} returned.
   *
   * @throws IllegalArgumentException unless there are 2048 bytes
   */
  static SetHash fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("A set hash has 2048 bytes, not " + bytes.length);
    }
    SetHash hash = new SetHash();
    ByteBuffer.wrap(bytes).asShortBuffer().get(hash.lanes);
    return hash;
  }

  void add(byte[] member) {
    expand(member);
    for (int i = 0; i < LANES; i++) {
      lanes[i] += element[i];
    }
  }

  void remove(byte[] member) {
    expand(member);
    for (int i = 0; i < LANES; i++) {
      lanes[i] -= element[i];
    }
  }

  private void expand(byte[] member) {
    if (member.length != 32) {
      throw new IllegalArgumentException("An element has 32 bytes, not " + member.length);
    }
    System.arraycopy(member, 0, input, LABEL.length, member.length);
    try {
      for (int block = 0; block < BLOCKS; block++) {
        input[input.length - 1] = (byte) block;
        sha512.update(input);
        sha512.digest(expanded, 64 * block, 64);
      }
    } catch (DigestException e) {
      throw new AssertionError("64 bytes have room for SHA-512", e);
    }
    ByteBuffer.wrap(expanded).asShortBuffer().get(element);
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.asShortBuffer().put(lanes);
    return bytes.array();
  }

  boolean isSameAs(SetHash other) {
    return Arrays.equals(lanes, other.lanes);
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance("SHA-512", "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new AssertionError("Every JDK has SHA-512 in its provider SUN", e);
    }
  }
}
