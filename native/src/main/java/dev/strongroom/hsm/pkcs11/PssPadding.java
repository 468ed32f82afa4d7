// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HashAlgorithm;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Puts the padding of RSASSA-PSS on (EMSA-PSS, RFC 8017 §9.1.1), for hash functions that tokens
 * have no names for: the token then does the bare RSA operation. Nothing in it is secret.
 */
final class PssPadding {
  private static final byte TRAILER = (byte) 0xbc;

  private PssPadding() {}

  /**
   * Returns the padded hash, as long as the modulus. MGF1 is over the same function.
   *
   * @param modulusBits a multiple of 8
   */
  static byte[] add(HashAlgorithm hash, byte[] hashed, byte[] salt, int modulusBits) {
    MessageDigest digest = Mgf1.digest(hash);
    digest.update(new byte[8]);
    digest.update(hashed);
    byte[] h = digest.digest(salt);

    int length = modulusBits / 8;
    byte[] data = new byte[length - h.length - 1];
    data[data.length - salt.length - 1] = 1;
    System.arraycopy(salt, 0, data, data.length - salt.length, salt.length);
    new Mgf1(hash).mask(data, h);
    data[0] &= 0x7f; // one bit less than the modulus

    byte[] encoded = Arrays.copyOf(data, length);
    System.arraycopy(h, 0, encoded, data.length, h.length);
    encoded[length - 1] = TRAILER;
    return encoded;
  }
}
