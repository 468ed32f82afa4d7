// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** How HMAC keys authenticate: one algorithm for each key spec, by AWS's names. */
public enum MacAlgorithm {
  HMAC_SHA_224(CmkSpec.HMAC_224, 28),
  HMAC_SHA_256(CmkSpec.HMAC_256, 32),
  HMAC_SHA_384(CmkSpec.HMAC_384, 48),
  HMAC_SHA_512(CmkSpec.HMAC_512, 64);

  private final CmkSpec spec;
  private final int bytes;

  MacAlgorithm(CmkSpec spec, int bytes) {
    this.spec = spec;
    this.bytes = bytes;
  }

  /** Returns the length of the MAC in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether a key of {@code spec} makes MACs like this. */
  public boolean fits(CmkSpec keySpec) {
    return keySpec == spec;
  }

  /**
   * @throws IllegalArgumentException if {@code spec} is not an HMAC spec
   */
  public static MacAlgorithm of(CmkSpec spec) {
    for (MacAlgorithm algorithm : values()) {
      if (algorithm.spec == spec) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException("A key of spec " + spec + " makes no MACs. Use HMAC_256.");
  }
}
