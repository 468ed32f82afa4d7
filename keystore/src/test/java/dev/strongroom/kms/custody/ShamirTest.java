// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShamirTest {
  private final SecureRandom random = new SecureRandom();

  /** FIPS 197 §4.2: {57} • {83} = {c1}, {57} • {13} = {fe}. */
  @Test
  void multiplicationIsThatOfAes() {
    assertEquals(0xC1, Shamir.multiply(0x57, 0x83));
    assertEquals(0xFE, Shamir.multiply(0x57, 0x13));
  }

  @Test
  void everyElementButZeroHasItsInverse() {
    for (int a = 1; a < 256; a++) {
      assertEquals(1, Shamir.multiply(a, Shamir.inverse(a)));
    }
    assertEquals(0, Shamir.inverse(0));
  }

  /** The line 0x2A + x · 0x57 goes through (1, 0x7D) and (2, 0x84). */
  @Test
  void secretOfKnownSharesIsWhereTheLineBegins() {
    byte[] first = {(byte) (0x2A ^ 0x57)};
    byte[] second = {(byte) (0x2A ^ Shamir.multiply(2, 0x57))};

    assertArrayEquals(new byte[] {0x2A}, Shamir.combine(new int[] {1, 2}, List.of(first, second)));
  }

  @Test
  void anySharesThatAreEnoughMakeTheSecret() {
    byte[] secret = new byte[64];
    random.nextBytes(secret);
    byte[][] shares = Shamir.split(secret, 5, 3, random);
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        for (int c = 0; c < 5; c++) {
          if (a != b && b != c && a != c) {
            int[] places = {a + 1, b + 1, c + 1};
            assertArrayEquals(
                secret, Shamir.combine(places, List.of(shares[a], shares[b], shares[c])));
          }
        }
      }
    }
  }

  @Test
  void fewerSharesMakeSomethingElse() {
    byte[] secret = new byte[64];
    byte[][] shares = Shamir.split(secret, 3, 3, random);

    assertFalse(
        Arrays.equals(secret, Shamir.combine(new int[] {1, 2}, List.of(shares[0], shares[1]))));
  }

  /** One share of many splittings of one secret: every value about as often as any other. */
  @Test
  void oneShareSaysNothingOfTheSecret() {
    int[] counts = new int[256];
    for (int i = 0; i < 256 * 100; i++) {
      counts[Shamir.split(new byte[] {0x2A}, 2, 2, random)[0][0] & 0xFF]++;
    }

    // chi-square with 255 degrees of freedom exceeds 400 once in ten million times
    double chiSquare = Arrays.stream(counts).mapToDouble(n -> (n - 100.0) * (n - 100) / 100).sum();
    assertFalse(chiSquare > 400, "chi-square " + chiSquare);
  }

  @Test
  void thereAreUpTo255SharesAndNotMore() {
    byte[] secret = {1, 2, 3};
    byte[][] shares = Shamir.split(secret, 255, 255, random);
    int[] places = new int[255];
    Arrays.setAll(places, i -> i + 1);

    assertArrayEquals(secret, Shamir.combine(places, new ArrayList<>(Arrays.asList(shares))));
    assertThrows(IllegalArgumentException.class, () -> Shamir.split(secret, 256, 2, random));
    assertThrows(IllegalArgumentException.class, () -> Shamir.split(secret, 2, 3, random));
  }
}
