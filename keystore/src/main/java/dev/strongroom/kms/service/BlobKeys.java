// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.crypto.BlobOpener;
import dev.strongroom.kms.crypto.BlobSealer;

/** The sealer and the opener of one generation of a symmetric key: they outlive policy changes. */
record BlobKeys(BlobSealer sealer, BlobOpener opener) {

  /** Returns how many subkeys are in the JVM. */
  int subkeys() {
    return opener.subkeys() + (sealer.hasSubkey() ? 1 : 0);
  }

  void expire() {
    sealer.expire();
    opener.expire();
  }

  void forget() {
    sealer.forget();
    opener.forget();
  }
}
