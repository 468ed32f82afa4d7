// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Shamir's secret sharing (CACM 22(11), 1979) byte by byte over GF(2^8) with AES's polynomial x^8 +
 * x^4 + x^3 + x + 1 (FIPS 197 §4.2). Fewer shares than the threshold say nothing of the secret. No
 * branch and no array index depends on a secret. It does not notice altered shares: whoever
 * combines them has to.
 */
final class Shamir {
  private static final int POLYNOMIAL = 0x11B;

  private Shamir() {}

  /**
   * Parts a secret, which is left intact.
   *
   * @param shares how many, 1 to 255
   * @param threshold how many make the secret, 1 to {@code shares}
   * @return that of x = 1 first, each as long as the secret
   */
  static byte[][] split(byte[] secret, int shares, int threshold, SecureRandom random) {
    if (threshold < 1 || threshold > shares || shares > 255) {
      throw new IllegalArgumentException(threshold + " of " + shares + " shares");
    }
    byte[][] parted = new byte[shares][secret.length];
    byte[] polynomial = new byte[threshold];
    try {
      for (int at = 0; at < secret.length; at++) {
        random.nextBytes(polynomial);
        polynomial[0] = secret[at];
        for (int share = 0; share < shares; share++) {
          parted[share][at] = (byte) evaluate(polynomial, share + 1);
        }
      }
    } finally {
      Arrays.fill(polynomial, (byte) 0);
    }
    return parted;
  }

  /** By Horner's rule. */
  private static int evaluate(byte[] polynomial, int x) {
    int value = 0;
    for (int i = polynomial.length - 1; i >= 0; i--) {
      value = multiply(value, x) ^ (polynomial[i] & 0xFF);
    }
    return value;
  }

  /**
   * Returns the secret, which the caller zeroes; something else if a share was altered or there are
   * fewer than the threshold.
   *
   * @param places the x of each share, all different, 1 to 255
   */
  static byte[] combine(int[] places, List<byte[]> shares) {
    byte[] secret = new byte[shares.get(0).length];
    for (int i = 0; i < places.length; i++) {
      int weight = 1; // Lagrange's, at x = 0
      for (int j = 0; j < places.length; j++) {
        if (j != i) {
          weight = multiply(weight, multiply(places[j], inverse(places[i] ^ places[j])));
        }
      }
      byte[] share = shares.get(i);
      for (int at = 0; at < secret.length; at++) {
        secret[at] ^= (byte) multiply(share[at] & 0xFF, weight);
      }
    }
    return secret;
  }

  /** Eight rounds of shift and add, all of them whatever the bits are. */
  static int multiply(int a, int b) {
    int product = 0;
    int shifted = a;
    for (int bit = 0; bit < 8; bit++) {
      product ^= shifted & -((b >> bit) & 1);
      shifted = (shifted << 1) ^ (POLYNOMIAL & -((shifted >> 7) & 1));
    }
    return product;
  }

  /** Returns a^254, which is 1/a; 0 for 0. */
  static int inverse(int a) {
    int power = a;
    int result = 1;
    for (int bit = 1; bit < 8; bit++) {
      power = multiply(power, power);
      result = multiply(result, power);
    }
    return result;
  }
}
