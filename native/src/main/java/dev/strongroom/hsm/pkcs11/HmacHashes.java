// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;

/** Which hash goes with a secret of which length. */
final class HmacHashes {
  private HmacHashes() {}

  /** Returns the hash that is as long as the secret: some tokens want no shorter secrets. */
  static HashAlgorithm natural(BackingKeySpec secret) {
    return switch (secret.bits()) {
      case 224 -> HashAlgorithm.SHA_224;
      case 256 -> HashAlgorithm.SHA_256;
      case 384 -> HashAlgorithm.SHA_384;
      case 512 -> HashAlgorithm.SHA_512;
      default -> throw new IllegalArgumentException(secret + " is not a secret");
    };
  }
}
