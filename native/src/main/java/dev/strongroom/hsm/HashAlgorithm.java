// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/** The hash functions that HSM operations are asked for. */
public enum HashAlgorithm {
  SHA_1("SHA-1", 20),
  SHA_224("SHA-224", 28),
  SHA_256("SHA-256", 32),
  SHA_384("SHA-384", 48),
  SHA_512("SHA-512", 64),
  SHA_512_224("SHA-512/224", 28),
  SHA_512_256("SHA-512/256", 32),
  SHA3_224("SHA3-224", 28),
  SHA3_256("SHA3-256", 32),
  SHA3_384("SHA3-384", 48),
  SHA3_512("SHA3-512", 64);

  private final String jcaName;
  private final int bytes;

  HashAlgorithm(String jcaName, int bytes) {
    this.jcaName = jcaName;
    this.bytes = bytes;
  }

  /** Returns the standard name of the {@code MessageDigest}, as {@code SHA-256}. */
  public String jcaName() {
    return jcaName;
  }

  /**
   * Returns whether the function is SHA-1 or one of SHA-224 to SHA-512: those that every HSM
   * interface has names for, in HMAC, OAEP and PSS. The others are served by signing only.
   */
  public boolean isCommon() {
    return compareTo(SHA_512) <= 0;
  }

  /** Returns the length of a hash in bytes. */
  public int bytes() {
    return bytes;
  }
}
