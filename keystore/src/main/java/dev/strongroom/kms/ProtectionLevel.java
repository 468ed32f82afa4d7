// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Where the backing keys of a KMS key are opened. */
public enum ProtectionLevel {
  /** Opened inside the HSM only; every use is a call into it (or of a subkey it derived). */
  HSM(1),
  /** Sealed under the domain key and opened in this JVM: RSA and EC at the processor's speed. */
  SOFTWARE(2),
  /** An object of a token that a customer owns, for good: there is no other copy. */
  CUSTOM_KEY_STORE(3);

  private final int code;

  ProtectionLevel(int code) {
    this.code = code;
  }

  /** Returns the level byte of a key token. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if no level has that code
   */
  public static ProtectionLevel ofCode(int code) {
    for (ProtectionLevel level : values()) {
      if (level.code == code) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "No protection level has the code " + code + ". A newer version may have written it.");
  }
}
