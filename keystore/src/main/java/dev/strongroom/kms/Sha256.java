// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;

/** SHA-256 (FIPS 180-4), always the JDK's own, whichever providers are registered. */
public final class Sha256 {

  private Sha256() {}

  /** Returns the hash: 32 bytes, owned by the caller. */
  public static byte[] of(byte[] data) {
    return begin().digest(data);
  }

  /** Returns a new hash of nothing yet, for who has its data in parts. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256", "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new AssertionError("Every JDK has SHA-256 in its provider SUN", e);
    }
  }
}
