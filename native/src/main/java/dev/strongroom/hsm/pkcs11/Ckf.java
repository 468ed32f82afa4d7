// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/** Flags, PKCS#11 v2.40 §3 and §5, and the one user type we log in as. */
final class Ckf {
  // spotless:off
  static final long RW_SESSION              = 0x02;
  static final long SERIAL_SESSION          = 0x04;
  static final long OS_LOCKING_OK           = 0x02;
  static final long LOGIN_REQUIRED          = 0x04;
  static final long USER_PIN_INITIALIZED    = 0x08;
  static final long TOKEN_INITIALIZED       = 0x400;
  static final long PROTECTED_AUTHENTICATION_PATH = 0x100;

  /** CKU_USER: the normal user, as opposed to the security officer. */
  static final long USER = 1;
  // spotless:on

  private Ckf() {}
}
