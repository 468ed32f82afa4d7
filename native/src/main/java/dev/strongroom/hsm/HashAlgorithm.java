// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/** The hash functions that HSM operations are asked for. */
public enum HashAlgorithm {
  SHA_1("SHA-1", 20),
  SHA_224("SHA-224", 28),
  SHA_256("SHA-256", 32),
  SHA_384("SHA-384", 48),
  SHA_512("SHA-512", 64);

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

  /** Returns the length of a hash in bytes. */
  public int bytes() {
    return bytes;
  }
}
