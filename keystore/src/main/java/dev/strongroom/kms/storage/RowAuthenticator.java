// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

/** Makes the MACs of rows; the keys are the domain key's and stay in the HSM. Thread-safe. */
public interface RowAuthenticator {

  /** Returns the version of the domain key that new MACs are made under. */
  int currentVersion();

  /**
   * Returns whether rows may be authenticated under that version: not under one that was retired.
   * Looks whether the store has a newer one where the version is not known.
   */
  default boolean accepts(int domainVersion) {
    return domainVersion == currentVersion();
  }

  /**
   * Returns the MAC of a row.
   *
   * @param domainVersion the version that the row was, or is to be, authenticated under
   * @param hash SHA-256 of the canonical encoding of the row; left intact
   * @return 32 bytes
   */
  byte[] mac(int domainVersion, byte[] hash);
}
