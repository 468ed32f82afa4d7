// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The expected values were computed by a program of a few lines in another language. */
class SetHashTest {
  private static final byte[] ONE = sequence(0);
  private static final byte[] TWO = sequence(32);

  private static byte[] sequence(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static SetHash of(byte[]... members) {
    SetHash hash = new SetHash();
    for (byte[] member : members) {
      hash.add(member);
    }
    return hash;
  }

  @Test
  void oneElementHasTheKnownLanes() throws NoSuchAlgorithmException {
    byte[] bytes = of(ONE).toBytes();

    assertEquals("dcd8210d28d70f04", HexFormat.of().formatHex(bytes, 0, 8));
    assertEquals("d10dde9d4f204287", HexFormat.of().formatHex(bytes, 2040, 2048));
    assertEquals("3ff80b3da903f397b26204cec647424c0378fadcb441440100680ef163871fc7", sha256(bytes));
  }

  @Test
  void twoElementsHaveTheKnownSum() throws NoSuchAlgorithmException {
    assertEquals(
        "6980b3459276cfbcdcf2c302ad7d103eb28296f722ee2829108e817da3d94110",
        sha256(of(ONE, TWO).toBytes()));
  }

  @Test
  void orderDoesNotMatter() {
    assertTrue(of(ONE, TWO).isSameAs(of(TWO, ONE)));
    assertFalse(of(ONE, TWO).isSameAs(of(ONE)));
  }

  @Test
  void removingIsTheInverseOfAdding() {
    SetHash hash = of(ONE, TWO);
    hash.remove(ONE);
    assertTrue(hash.isSameAs(of(TWO)));

    hash.remove(TWO);
    assertArrayEquals(new byte[SetHash.BYTES], hash.toBytes());
  }

  @Test
  void bytesAreReadBack() {
    assertTrue(SetHash.fromBytes(of(ONE, TWO).toBytes()).isSameAs(of(ONE, TWO)));
    assertThrows(IllegalArgumentException.class, () -> SetHash.fromBytes(new byte[2047]));
  }

  @Test
  void elementsHave32Bytes() {
    assertThrows(IllegalArgumentException.class, () -> of(Arrays.copyOf(ONE, 31)));
  }
}
