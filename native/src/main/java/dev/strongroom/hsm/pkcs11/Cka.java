// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

/** Attribute types, PKCS#11 v2.40 §4 and {@code pkcs11t.h}. */
final class Cka {
  // spotless:off
  static final long CLASS             = 0x000;
  static final long TOKEN             = 0x001;
  static final long PRIVATE           = 0x002;
  static final long LABEL             = 0x003;
  static final long VALUE             = 0x011;
  static final long KEY_TYPE          = 0x100;
  static final long ID                = 0x102;
  static final long SENSITIVE         = 0x103;
  static final long ENCRYPT           = 0x104;
  static final long DECRYPT           = 0x105;
  static final long WRAP              = 0x106;
  static final long UNWRAP            = 0x107;
  static final long SIGN              = 0x108;
  static final long VERIFY            = 0x10A;
  static final long DERIVE            = 0x10C;
  static final long MODULUS           = 0x120;
  static final long MODULUS_BITS      = 0x121;
  static final long PUBLIC_EXPONENT   = 0x122;
  static final long VALUE_LEN         = 0x161;
  static final long EXTRACTABLE       = 0x162;
  static final long LOCAL             = 0x163;
  static final long NEVER_EXTRACTABLE = 0x164;
  static final long ALWAYS_SENSITIVE  = 0x165;
  static final long MODIFIABLE        = 0x170;
  static final long EC_PARAMS         = 0x180;
  static final long EC_POINT          = 0x181;
  /** Its value is an array of attributes ({@code CKF_ARRAY_ATTRIBUTE | 0x212}). */
  static final long UNWRAP_TEMPLATE   = 0x40000212;
  // spotless:on

  private Cka() {}
}
