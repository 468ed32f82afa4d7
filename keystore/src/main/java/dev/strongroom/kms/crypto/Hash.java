// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.HexFormat;

/**
 * The hash functions of signatures and MACs. The one table of their names, lengths and the DER that
 * stands before them in RSASSA-PKCS1-v1_5 (RFC 8017 §9.2 note 1).
 */
enum Hash {
  // spotless:off
  //      JCA name   bytes  HMAC in SunJCE  DER prefix of the DigestInfo
  SHA_1  ("SHA-1",   20,    "HmacSHA1",     "3021300906052b0e03021a05000414"),
  SHA_224("SHA-224", 28,    "HmacSHA224",   "302d300d06096086480165030402040500041c"),
  SHA_256("SHA-256", 32,    "HmacSHA256",   "3031300d060960864801650304020105000420"),
  SHA_384("SHA-384", 48,    "HmacSHA384",   "3041300d060960864801650304020205000430"),
  SHA_512("SHA-512", 64,    "HmacSHA512",   "3051300d060960864801650304020305000440");
  // spotless:on

  private final String jcaName;
  private final int bytes;
  private final String hmacName;
  private final String digestInfoPrefix;

  Hash(String jcaName, int bytes, String hmacName, String digestInfoPrefix) {
    this.jcaName = jcaName;
    this.bytes = bytes;
    this.hmacName = hmacName;
    this.digestInfoPrefix = digestInfoPrefix;
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
        "No hash function \"" + jcaName + "\". Use SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512.");
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

  /** Returns {@code SEQUENCE { algorithm, hash }} without the hash itself. */
  byte[] digestInfoPrefix() {
    return HexFormat.of().parseHex(digestInfoPrefix);
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
