// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Sha256;
import java.util.HexFormat;

/** Hashes as digest files write them. */
final class Hex {
  private Hex() {}

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static String sha256(byte[] bytes) {
    return of(Sha256.of(bytes));
  }
}
