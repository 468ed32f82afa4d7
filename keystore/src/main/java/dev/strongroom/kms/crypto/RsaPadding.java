// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.DigestInfo;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The encodings of RSA signatures (RFC 8017 §9): what stands between a hash and the bare RSA
 * operation. Verification encodes again and compares, or takes apart and checks every bit.
 */
final class RsaPadding {
  private static final byte PSS_TRAILER = (byte) 0xbc;

  private RsaPadding() {}

  /**
   * Returns EMSA-PKCS1-v1_5 (§9.2) of a hash.
   *
   * @param length of the modulus in bytes
   */
  static byte[] pkcs1(Hash hash, byte[] digest, int length) {
    byte[] info = DigestInfo.encode(hash.jcaName(), digest);
    byte[] encoded = new byte[length];
    int infoAt = length - info.length;
    Arrays.fill(encoded, 2, infoAt - 1, (byte) 0xff);
    encoded[1] = 1;
    System.arraycopy(info, 0, encoded, infoAt, info.length);
    return encoded;
  }

  /**
   * Returns EMSA-PSS (§9.1.1) of a hash, with a random salt as long as the hash and MGF1 over the
   * same function.
   *
   * @param modulusBits length of the modulus in bits
   */
  static byte[] pss(Hash hash, byte[] digest, int modulusBits, SecureRandom random) {
    byte[] salt = new byte[hash.bytes()];
    random.nextBytes(salt);
    int encodedBits = modulusBits - 1;
    int length = (encodedBits + 7) / 8;
    byte[] h = hash.digest(new byte[8], digest, salt);
    int dbLength = length - h.length - 1;
    byte[] encoded = new byte[length];
    encoded[dbLength - salt.length - 1] = 1;
    System.arraycopy(salt, 0, encoded, dbLength - salt.length, salt.length);
    xorMask(hash, h, encoded, dbLength);
    encoded[0] &= (byte) (0xff >> (8 * length - encodedBits));
    System.arraycopy(h, 0, encoded, dbLength, h.length);
    encoded[length - 1] = PSS_TRAILER;
    return encoded;
  }

  /** Returns whether {@code encoded} is an EMSA-PSS encoding (§9.1.2) of the hash. */
  static boolean isPss(Hash hash, byte[] digest, byte[] encoded, int modulusBits) {
    int encodedBits = modulusBits - 1;
    int length = (encodedBits + 7) / 8;
    int dbLength = length - hash.bytes() - 1;
    int paddingLength = dbLength - hash.bytes() - 1;
    if (encoded.length != length
        || paddingLength < 0
        || encoded[length - 1] != PSS_TRAILER
        || (encoded[0] & 0xff) >> (8 - (8 * length - encodedBits)) != 0) {
      return false;
    }
    byte[] h = Arrays.copyOfRange(encoded, dbLength, dbLength + hash.bytes());
    byte[] db = Arrays.copyOf(encoded, dbLength);
    xorMask(hash, h, db, dbLength);
    db[0] &= (byte) (0xff >> (8 * length - encodedBits));
    for (int i = 0; i < paddingLength; i++) {
      if (db[i] != 0) {
        return false;
      }
    }
    byte[] salt = Arrays.copyOfRange(db, paddingLength + 1, dbLength);
    return db[paddingLength] == 1
        && MessageDigest.isEqual(h, hash.digest(new byte[8], digest, salt));
  }

  /** Adds MGF1 (§B.2.1) of {@code seed} to the first {@code length} bytes of {@code target}. */
  private static void xorMask(Hash hash, byte[] seed, byte[] target, int length) {
    for (int counter = 0, at = 0; at < length; counter++) {
      byte[] mask =
          hash.digest(
              seed,
              new byte[] {
                (byte) (counter >>> 24),
                (byte) (counter >>> 16),
                (byte) (counter >>> 8),
                (byte) counter
              });
      for (int i = 0; i < mask.length && at < length; i++, at++) {
        target[at] ^= mask[i];
      }
    }
  }
}
