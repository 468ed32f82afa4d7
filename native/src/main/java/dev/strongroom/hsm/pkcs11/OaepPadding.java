// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HashAlgorithm;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the padding of RSAES-OAEP off (RFC 8017 §7.1.2 step 3), for tokens that know it only with
 * SHA-1. The label is empty.
 *
 * <p>Time and memory accesses depend on lengths only until the verdict on the whole is known: a
 * difference between the kinds of wrong padding would decrypt (Manger's attack).
 */
final class OaepPadding {
  private final MessageDigest digest;
  private final Mgf1 mgf1;

  OaepPadding(HashAlgorithm hash, HashAlgorithm mgfHash) {
    digest = Mgf1.digest(hash);
    mgf1 = new Mgf1(mgfHash);
  }

  /**
   * Returns the message, or null for every kind of wrong padding.
   *
   * @param encoded the decrypted integer, as long as the modulus; zeroed
   */
  byte @Nullable [] remove(byte[] encoded) {
    int hashBytes = digest.getDigestLength();
    if (encoded.length < 2 * hashBytes + 2) {
      Arrays.fill(encoded, (byte) 0);
      return null;
    }
    byte[] seed = Arrays.copyOfRange(encoded, 1, 1 + hashBytes);
    byte[] data = Arrays.copyOfRange(encoded, 1 + hashBytes, encoded.length);
    try {
      mgf1.mask(seed, data);
      mgf1.mask(data, seed);
      int wrong = encoded[0] & 0xFF;
      byte[] labelHash = digest.digest();
      for (int i = 0; i < hashBytes; i++) {
        wrong |= (data[i] ^ labelHash[i]) & 0xFF;
      }
      int start = start(data, hashBytes);
      return wrong == 0 && start > 0 ? Arrays.copyOfRange(data, start, data.length) : null;
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(data, (byte) 0);
    }
  }

  /** Returns the index behind {@code 00 … 00 01}, or 0 if that is not what follows. */
  private static int start(byte[] data, int from) {
    int looking = -1; // all ones until the first byte that is not 0
    int start = 0;
    int good = 0;
    for (int i = from; i < data.length; i++) {
      int value = data[i] & 0xFF;
      int isZero = (value - 1) >> 31;
      int isOne = ((value ^ 1) - 1) >> 31;
      start |= looking & ~isZero & (i + 1);
      good |= looking & isOne;
      looking &= isZero;
    }
    return start & good;
  }
}
