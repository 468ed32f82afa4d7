// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

/** HKDF-SHA512 equals Bouncy Castle's, which passes the vectors of RFC 5869 for other hashes. */
class HkdfSha512Test {

  @Property(tries = 200)
  void expandsAsBouncyCastleDoes(
      @ForAll @Size(min = 1, max = 200) byte[] salt,
      @ForAll @Size(min = 1, max = 200) byte[] ikm,
      @ForAll @Size(max = 100) byte[] info,
      @ForAll @IntRange(min = 1, max = 300) int length) {
    try (HkdfSha512 hkdf = new HkdfSha512(salt, ikm)) {
      assertArrayEquals(expected(salt, ikm, info, length), hkdf.expand(info, length));
      assertArrayEquals(expected(salt, ikm, info, 16320), hkdf.expand(info, 16320), "again");
    }
  }

  private static byte[] expected(byte[] salt, byte[] ikm, byte[] info, int length) {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA512Digest());
    generator.init(new HKDFParameters(ikm, salt, info));
    byte[] okm = new byte[length];
    generator.generateBytes(okm, 0, length);
    return okm;
  }

  @Test
  void moreThan255BlocksAreRefused() {
    try (HkdfSha512 hkdf = new HkdfSha512(new byte[32], new byte[32])) {
      assertThrows(IllegalArgumentException.class, () -> hkdf.expand(new byte[0], 16321));
      assertThrows(IllegalArgumentException.class, () -> hkdf.expand(new byte[0], 0));
    }
  }
}
