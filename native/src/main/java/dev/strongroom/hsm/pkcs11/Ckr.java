// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Return values, PKCS#11 v2.40 §5.1, and what each says about how to go on. */
enum Ckr {
  // spotless:off
  OK                               (0x000, Meaning.OTHER),
  CANCEL                           (0x001, Meaning.OTHER),
  HOST_MEMORY                      (0x002, Meaning.UNCLEAR),
  SLOT_ID_INVALID                  (0x003, Meaning.DEVICE_LOST),
  GENERAL_ERROR                    (0x005, Meaning.UNCLEAR),
  FUNCTION_FAILED                  (0x006, Meaning.UNCLEAR),
  ARGUMENTS_BAD                    (0x007, Meaning.REFUSED),
  CANT_LOCK                        (0x00A, Meaning.OTHER),
  ATTRIBUTE_READ_ONLY              (0x010, Meaning.REFUSED),
  ATTRIBUTE_SENSITIVE              (0x011, Meaning.REFUSED),
  ATTRIBUTE_TYPE_INVALID           (0x012, Meaning.REFUSED),
  ATTRIBUTE_VALUE_INVALID          (0x013, Meaning.REFUSED),
  ACTION_PROHIBITED                (0x01B, Meaning.REFUSED),
  DATA_INVALID                     (0x020, Meaning.INPUT),
  DATA_LEN_RANGE                   (0x021, Meaning.INPUT),
  DEVICE_ERROR                     (0x030, Meaning.DEVICE_LOST),
  DEVICE_MEMORY                    (0x031, Meaning.OTHER),
  DEVICE_REMOVED                   (0x032, Meaning.DEVICE_LOST),
  ENCRYPTED_DATA_INVALID           (0x040, Meaning.INPUT),
  ENCRYPTED_DATA_LEN_RANGE         (0x041, Meaning.INPUT),
  FUNCTION_CANCELED                (0x050, Meaning.OTHER),
  FUNCTION_NOT_SUPPORTED           (0x054, Meaning.REFUSED),
  KEY_HANDLE_INVALID               (0x060, Meaning.OBJECT_LOST),
  KEY_SIZE_RANGE                   (0x062, Meaning.REFUSED),
  KEY_TYPE_INCONSISTENT            (0x063, Meaning.REFUSED),
  KEY_FUNCTION_NOT_PERMITTED       (0x068, Meaning.REFUSED),
  KEY_NOT_WRAPPABLE                (0x069, Meaning.REFUSED),
  KEY_UNEXTRACTABLE                (0x06A, Meaning.REFUSED),
  MECHANISM_INVALID                (0x070, Meaning.REFUSED),
  MECHANISM_PARAM_INVALID          (0x071, Meaning.REFUSED),
  OBJECT_HANDLE_INVALID            (0x082, Meaning.OBJECT_LOST),
  OPERATION_ACTIVE                 (0x090, Meaning.SESSION_LOST),
  OPERATION_NOT_INITIALIZED        (0x091, Meaning.SESSION_LOST),
  PIN_INCORRECT                    (0x0A0, Meaning.PIN),
  PIN_INVALID                      (0x0A1, Meaning.PIN),
  PIN_LEN_RANGE                    (0x0A2, Meaning.PIN),
  PIN_EXPIRED                      (0x0A3, Meaning.PIN),
  PIN_LOCKED                       (0x0A4, Meaning.PIN),
  SESSION_CLOSED                   (0x0B0, Meaning.SESSION_LOST),
  SESSION_COUNT                    (0x0B1, Meaning.SESSIONS_FULL),
  SESSION_HANDLE_INVALID           (0x0B3, Meaning.SESSION_LOST),
  SESSION_READ_ONLY                (0x0B5, Meaning.REFUSED),
  SIGNATURE_INVALID                (0x0C0, Meaning.INPUT),
  TEMPLATE_INCOMPLETE              (0x0D0, Meaning.REFUSED),
  TEMPLATE_INCONSISTENT            (0x0D1, Meaning.REFUSED),
  TOKEN_NOT_PRESENT                (0x0E0, Meaning.DEVICE_LOST),
  TOKEN_NOT_RECOGNIZED             (0x0E1, Meaning.DEVICE_LOST),
  TOKEN_WRITE_PROTECTED            (0x0E2, Meaning.OTHER),
  UNWRAPPING_KEY_HANDLE_INVALID    (0x0F0, Meaning.OBJECT_LOST),
  UNWRAPPING_KEY_TYPE_INCONSISTENT (0x0F2, Meaning.REFUSED),
  USER_ALREADY_LOGGED_IN           (0x100, Meaning.OTHER),
  USER_NOT_LOGGED_IN               (0x101, Meaning.SESSION_LOST),
  USER_PIN_NOT_INITIALIZED         (0x102, Meaning.PIN),
  USER_ANOTHER_ALREADY_LOGGED_IN   (0x104, Meaning.OTHER),
  WRAPPED_KEY_INVALID              (0x110, Meaning.INPUT),
  WRAPPED_KEY_LEN_RANGE            (0x112, Meaning.INPUT),
  WRAPPING_KEY_HANDLE_INVALID      (0x113, Meaning.OBJECT_LOST),
  WRAPPING_KEY_TYPE_INCONSISTENT   (0x115, Meaning.REFUSED),
  DOMAIN_PARAMS_INVALID            (0x130, Meaning.REFUSED),
  CURVE_NOT_SUPPORTED              (0x140, Meaning.REFUSED),
  BUFFER_TOO_SMALL                 (0x150, Meaning.OTHER),
  CRYPTOKI_NOT_INITIALIZED         (0x190, Meaning.DEVICE_LOST),
  CRYPTOKI_ALREADY_INITIALIZED     (0x191, Meaning.OTHER),
  /** Every code that is not in this table, a vendor's own among them. */
  UNKNOWN                          (-1,    Meaning.UNCLEAR);
  // spotless:on

  /** What a code tells the caller of the function. */
  enum Meaning {
    /** The session or the login is gone: open a new one and repeat. */
    SESSION_LOST,
    /** The token or the library is gone: connect anew. */
    DEVICE_LOST,
    /** The handle names nothing any more: find or unwrap the object again. */
    OBJECT_LOST,
    /** No more sessions than those that are open. */
    SESSIONS_FULL,
    /** The data given is wrong, and the device says so. */
    INPUT,
    /** Wrong data or a broken device; modules use these codes for both. */
    UNCLEAR,
    /** The token does not do this. */
    REFUSED,
    /** About the PIN. */
    PIN,
    /** Nothing to conclude. */
    OTHER
  }

  private static final Map<Long, Ckr> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(r -> r.code, Function.identity()));

  final long code;
  final Meaning meaning;

  Ckr(long code, Meaning meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  static Ckr of(long code) {
    return BY_CODE.getOrDefault(code, UNKNOWN);
  }

  /** Returns for example {@code CKR_PIN_LOCKED (0x000000a4)}. */
  static String describe(long code) {
    Ckr known = of(code);
    return (known == UNKNOWN ? "a vendor's code" : "CKR_" + known.name())
        + String.format(Locale.ROOT, " (0x%08x)", code);
  }
}
