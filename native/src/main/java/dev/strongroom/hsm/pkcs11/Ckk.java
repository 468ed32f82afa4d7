// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/** Key types, PKCS#11 v2.40; EC_EDWARDS from v3.0. */
final class Ckk {
  // spotless:off
  static final long RSA            = 0x00;
  static final long EC             = 0x03;
  static final long GENERIC_SECRET = 0x10;
  static final long AES            = 0x1F;
  static final long EC_EDWARDS     = 0x40;
  // spotless:on

  private Ckk() {}
}
