// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.crypto.JdkEngines;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with HMAC-SHA512 (RFC 5869): extracts once, expands as often as needed. {@link #close}
 * zeroes its key; copies inside the JDK's HMAC are left to the garbage collector.
 */
final class HkdfSha512 implements AutoCloseable {
  private static final int HASH_BYTES = 64;

  private final Mac mac;
  private final byte[] prk;

  /**
   * RFC 5869 §2.2.
   *
   * @param salt not empty; left intact
   * @param ikm the input keying material, not empty; left intact
   */
  HkdfSha512(byte[] salt, byte[] ikm) {
    try {
      mac = JdkEngines.hmacSha512();
      prk = keyed(salt).doFinal(ikm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA512 can't be used with this salt", e);
    }
  }

  private Mac keyed(byte[] key) throws GeneralSecurityException {
    mac.init(new SecretKeySpec(key, "HmacSHA512"));
    return mac;
  }

  /**
   * RFC 5869 §2.3. Returns {@code length} bytes, which the caller owns.
   *
   * @param length 1 to 16320
   */
  byte[] expand(byte[] info, int length) {
    if (length < 1 || length > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("HKDF-SHA512 gives 1 to 16320 bytes, not " + length + ".");
    }
    byte[] okm = new byte[length];
    byte[] t = new byte[0];
    try {
      keyed(prk);
      for (int i = 1, done = 0; done < length; i++, done += HASH_BYTES) {
        mac.update(t);
        mac.update(info);
        mac.update((byte) i);
        Arrays.fill(t, (byte) 0);
        t = mac.doFinal();
        System.arraycopy(t, 0, okm, done, Math.min(HASH_BYTES, length - done));
      }
      return okm;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA512 can't be used with its own output", e);
    } finally {
      Arrays.fill(t, (byte) 0);
    }
  }

  @Override
  public void close() {
    Arrays.fill(prk, (byte) 0);
  }
}
