// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/**
 * A PKCS#11 function did not return CKR_OK. Never leaves the package: {@link TokenLink} translates.
 */
final class Pkcs11Exception extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String function;
  private final Ckr reason;

  Pkcs11Exception(String function, long code) {
    super(function + " returned " + Ckr.describe(code));
    this.function = function;
    this.reason = Ckr.of(code);
  }

  /** Returns the name of the function that failed, as {@code C_DecryptInit}. */
  String function() {
    return function;
  }

  Ckr reason() {
    return reason;
  }

  Ckr.Meaning meaning() {
    return reason.meaning;
  }

  /** Throws unless {@code code} is CKR_OK. */
  static void check(String function, long code) {
    if (code != 0) {
      throw new Pkcs11Exception(function, code);
    }
  }
}
