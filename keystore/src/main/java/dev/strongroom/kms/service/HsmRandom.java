// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.key.HsmErrors;
import java.util.Arrays;

/** Random bytes of the HSM for data keys: the setting {@code random=hsm}. */
final class HsmRandom {
  private final Hsm hsm;

  HsmRandom(Hsm hsm) {
    this.hsm = hsm;
  }

  void fill(byte[] target) {
    try {
      byte[] drawn = hsm.random(target.length);
      System.arraycopy(drawn, 0, target, 0, target.length);
      Arrays.fill(drawn, (byte) 0);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }
}
