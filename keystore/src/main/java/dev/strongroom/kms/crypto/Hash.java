// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;

/** The hash functions of signatures and MACs. The one table of their names and lengths. */
enum Hash {
  // spotless:off
  //         JCA name       bytes  HMAC in SunJCE
  SHA_1      ("SHA-1",       20,    "HmacSHA1"),
  SHA_224    ("SHA-224",     28,    "HmacSHA224"),
  SHA_256    ("SHA-256",     32,    "HmacSHA256"),
  SHA_384    ("SHA-384",     48,    "HmacSHA384"),
  SHA_512    ("SHA-512",     64,    "HmacSHA512"),
  SHA_512_224("SHA-512/224", 28,    "HmacSHA512/224"),
  SHA_512_256("SHA-512/256", 32,    "HmacSHA512/256"),
  SHA3_224   ("SHA3-224",    28,    "HmacSHA3-224"),
  SHA3_256   ("SHA3-256",    32,    "HmacSHA3-256"),
  SHA3_384   ("SHA3-384",    48,    "HmacSHA3-384"),
  SHA3_512   ("SHA3-512",    64,    "HmacSHA3-512");
  // spotless:on

  private final String jcaName;
  private final int bytes;
  private final String hmacName;

  Hash(String jcaName, int bytes, String hmacName) {
    this.jcaName = jcaName;
    this.bytes = bytes;
    this.hmacName = hmacName;
  }

  /**
   * @throws IllegalArgumentException if there is no such function here
   */
  static Hash of(String jcaName) {
    for (Hash hash : values()) {
      if (hash.jcaName.equals(jcaName)) {
        return hash;
      }
    }
    throw new IllegalArgumentException(
        "No hash function \"" + jcaName + "\". SHA-256 is one, and SHA3-256.");
  }

  String jcaName() {
    return jcaName;
  }

  int bytes() {
    return bytes;
  }

  String hmacName() {
    return hmacName;
  }

  byte[] digest(byte[]... parts) {
    MessageDigest digest = newDigest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(jcaName, "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new AssertionError("Every JDK has " + jcaName + " in its provider SUN", e);
    }
  }
}
