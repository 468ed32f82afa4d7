// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

/** The hashes of messages that are signed. */
public final class Digests {

  private Digests() {}

  /**
   * Hashes.
   *
   * @param hash a standard name such as {@code SHA-256} or {@code SHA3-256}
   * @return the hash, owned by the caller
   */
  public static byte[] digest(String hash, byte[] message) {
    return Hash.of(hash).digest(message);
  }

  /** Returns the length of that function's hashes in bytes. */
  public static int length(String hash) {
    return Hash.of(hash).bytes();
  }
}
