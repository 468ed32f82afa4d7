// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/** Object classes, PKCS#11 v2.40 §4.2. */
final class Cko {
  static final long PUBLIC_KEY = 2;
  static final long PRIVATE_KEY = 3;
  static final long SECRET_KEY = 4;

  private Cko() {}
}
