// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.HsmErrors;

/** Opens the HSM that the settings name. */
final class HsmOpener {

  private HsmOpener() {}

  static Hsm open(KmsConfig config) {
    if (config.isTemporary()) {
      return EmbeddedHsm.inMemory();
    }
    HsmUri uri;
    try {
      uri = HsmUri.parse(config.hsm());
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration(String.valueOf(e.getMessage()), e);
    }
    try {
      if (uri instanceof HsmUri.Embedded embedded) {
        return EmbeddedHsm.open(embedded);
      }
      throw new HsmException.Unsupported("PKCS#11 tokens cannot be opened by this build.");
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }
}
