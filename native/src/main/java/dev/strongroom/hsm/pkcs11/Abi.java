// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.util.Locale;

/**
 * How this platform lays out the structures of {@code pkcs11t.h}.
 *
 * <p>Unix: natural alignment, CK_ULONG has 8 bytes. Windows: packed to 1 byte, CK_ULONG has 4
 * (PKCS#11 v2.40 §2.1). Getting this wrong misreads structures without any error.
 */
enum Abi {
  UNIX(8, 8),
  WINDOWS(4, 1);

  // Fields in order: U = CK_ULONG, P = pointer, V = CK_VERSION (2 bytes), a number = so many bytes.
  static final String CK_ATTRIBUTE = "U P U";
  static final String CK_C_INITIALIZE_ARGS = "P P P P U P P";
  static final String CK_ECDH1_DERIVE_PARAMS = "U U P U P";
  static final String CK_INFO = "V 32 U 32 V";
  static final String CK_MECHANISM = "U P U";
  static final String CK_MECHANISM_INFO = "U U U";
  static final String CK_RSA_PKCS_OAEP_PARAMS = "U U U P U";
  static final String CK_RSA_PKCS_PSS_PARAMS = "U U U";
  static final String CK_SESSION_INFO = "U U U U";
  static final String CK_TOKEN_INFO = "32 32 16 16 U U U U U U U U U U U V V 16";

  static final Abi HERE = ofThisPlatform();

  final int ulongBytes;
  private final int mostAlignment;

  Abi(int ulongBytes, int mostAlignment) {
    this.ulongBytes = ulongBytes;
    this.mostAlignment = mostAlignment;
  }

  private static Abi ofThisPlatform() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")
        ? WINDOWS
        : UNIX;
  }

  /** Pointers and C longs of 32-bit processes have layouts that nobody tested. */
  static void refuse32Bit() {
    if ("32".equals(System.getProperty("sun.arch.data.model"))) {
      throw new HsmException.Unsupported(
          "PKCS#11 needs a 64-bit JVM; this one has 32 bits. Install a 64-bit JDK.");
    }
  }

  /** Returns the offset of each field, and the size of the whole as the last element. */
  int[] layout(String structure) {
    String[] fields = structure.split(" ", -1);
    int[] offsets = new int[fields.length + 1];
    int end = 0;
    int widest = 1;
    for (int i = 0; i < fields.length; i++) {
      int size = size(fields[i]);
      int alignment = Math.min(alignment(fields[i]), mostAlignment);
      offsets[i] = roundUp(end, alignment);
      end = offsets[i] + size;
      widest = Math.max(widest, alignment);
    }
    offsets[fields.length] = roundUp(end, widest);
    return offsets;
  }

  /** Returns a CK_ULONG or CK_RV as unsigned: the upper half of a register is not defined. */
  long unsigned(long value) {
    return ulongBytes == 4 ? value & 0xFFFFFFFFL : value;
  }

  /** Returns CK_UNAVAILABLE_INFORMATION, which is all ones. */
  long unavailable() {
    return unsigned(-1);
  }

  private int size(String field) {
    return switch (field) {
      case "U" -> ulongBytes;
      case "P" -> 8;
      case "V" -> 2;
      default -> Integer.parseInt(field);
    };
  }

  private int alignment(String field) {
    return switch (field) {
      case "U" -> ulongBytes;
      case "P" -> 8;
      default -> 1;
    };
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
