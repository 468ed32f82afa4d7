// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.OpenKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * RSAES-PKCS1-v1_5 decryption (RFC 8017 §7.2.2) with implicit rejection: a ciphertext whose padding
 * is wrong gives a message that is made up from the ciphertext and a secret of the key, the same
 * each time, so that no answer tells right padding from wrong (Bleichenbacher's attack needs that).
 *
 * <p>How messages are made up is draft-irtf-cfrg-rsa-guidance §7.3, as in OpenSSL from 3.2 on, but
 * for the secret: theirs is a hash of the private exponent, which an HSM does not tell. Ours is a
 * hash of the key's signature of one constant, which takes the private key to make and which no
 * operation of a KMS key for decryption gives away.
 *
 * <p>Time and memory accesses of the unpadding depend on lengths only, until the result is cut out;
 * its length is known to whoever asked, who must not find out whether it is a true one. The RSA
 * operation below is the HSM's, or for level SOFTWARE the JDK's, which does not promise as much.
 */
public final class RsaPkcs1 {
  private static final byte[] SECRET_LABEL =
      "strongroom/1/rsa-pkcs1-rejection".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH_LABEL = "length".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE_LABEL = "message".getBytes(StandardCharsets.US_ASCII);

  /** So many are drawn that hardly ever none is short enough. */
  private static final int LENGTH_CANDIDATES = 128;

  /** 00 02, at least eight bytes, 00. */
  private static final int LEAST_PADDING = 11;

  private RsaPkcs1() {}

  /**
   * Decrypts.
   *
   * @return 0 to modulus - 11 bytes, owned by the caller
   * @throws KmsException.InvalidCiphertext if the ciphertext is not a number below the modulus, as
   *     long as that, which anybody can see; never for what it decrypts to
   */
  public static byte[] decrypt(OpenKey key, CmkSpec spec, byte[] ciphertext) {
    byte[] padded = key.decryptRaw(ciphertext);
    try {
      return unpad(padded, rejectionSecret(key, spec), ciphertext);
    } finally {
      Arrays.fill(padded, (byte) 0);
    }
  }

  private static byte[] rejectionSecret(OpenKey key, CmkSpec spec) {
    byte[] constant = Hash.SHA_256.digest(SECRET_LABEL);
    byte[] signature = key.decryptRaw(RsaPadding.pkcs1(Hash.SHA_256, constant, spec.bits() / 8));
    byte[] secret = Hash.SHA_256.digest(signature);
    Arrays.fill(signature, (byte) 0);
    return secret;
  }

  /**
   * Returns the message, or one made up.
   *
   * @param padded the decrypted number
   * @param secret 32 bytes; zeroed
   */
  static byte[] unpad(byte[] padded, byte[] secret, byte[] ciphertext) {
    byte[] derivingKey = hmac(secret, ciphertext);
    byte[] madeUp = expand(derivingKey, MESSAGE_LABEL, padded.length);
    int madeUpLength = madeUpLength(derivingKey, padded.length - LEAST_PADDING);
    try {
      int separator = separator(padded); // 0 where there is none
      int good = isZero(padded[0]) & isZero(padded[1] ^ 2) & ~isBelow(separator, LEAST_PADDING - 1);
      int start = select(good, separator + 1, padded.length - madeUpLength);
      for (int i = 0; i < padded.length; i++) {
        madeUp[i] = (byte) select(good, padded[i], madeUp[i]);
      }
      return Arrays.copyOfRange(madeUp, start, madeUp.length);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(derivingKey, (byte) 0);
      Arrays.fill(madeUp, (byte) 0);
    }
  }

  /** Returns the index of the first zero behind the block type. */
  private static int separator(byte[] padded) {
    int looking = -1;
    int separator = 0;
    for (int i = 2; i < padded.length; i++) {
      int zero = isZero(padded[i]);
      separator |= looking & zero & i;
      looking &= ~zero;
    }
    return separator;
  }

  /** Returns the last drawn length that is at most {@code most}. */
  private static int madeUpLength(byte[] derivingKey, int most) {
    int mask = (Integer.highestOneBit(most + 1) << 1) - 1;
    ByteBuffer drawn =
        ByteBuffer.wrap(expand(derivingKey, LENGTH_LABEL, LENGTH_CANDIDATES * Short.BYTES));
    int length = 0;
    while (drawn.hasRemaining()) {
      int candidate = drawn.getShort() & mask;
      length = select(isBelow(candidate, most + 1), candidate, length);
    }
    return length;
  }

  /** The draft's PRF: HMAC-SHA256 over counter, label and the number of bits, block by block. */
  private static byte[] expand(byte[] key, byte[] label, int bytes) {
    ByteBuffer out = ByteBuffer.allocate(bytes);
    for (int i = 0; out.hasRemaining(); i++) {
      ByteBuffer input = ByteBuffer.allocate(2 * Short.BYTES + label.length);
      input.putShort((short) i).put(label).putShort((short) (8 * bytes));
      byte[] block = hmac(key, input.array());
      out.put(block, 0, Math.min(block.length, out.remaining()));
    }
    return out.array();
  }

  private static byte[] hmac(byte[] secret, byte[] data) {
    DestroyableAesKey key = new DestroyableAesKey(secret.clone());
    try {
      Mac mac = JdkEngines.hmacSha256();
      mac.init(key);
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has HmacSHA256", e);
    } finally {
      key.destroy();
    }
  }

  // Masks: all ones for yes, zero for no, without a branch.

  /** For a byte, or a value from 0 up. */
  private static int isZero(int value) {
    return ((value & 0xFF) - 1) >> 31;
  }

  /** For values from 0 up. */
  private static int isBelow(int value, int bound) {
    return (value - bound) >> 31;
  }

  private static int select(int mask, int yes, int no) {
    return (mask & yes) | (~mask & no);
  }
}
