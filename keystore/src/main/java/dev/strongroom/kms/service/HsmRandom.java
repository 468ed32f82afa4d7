// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.key.HsmErrors;
import java.security.SecureRandom;
import java.util.Arrays;

/** Random bytes of the HSM: for data keys with {@code random=hsm}, else mixed into the system's. */
final class HsmRandom {
  private static final int SEED_BYTES = 32;

  private final Hsm hsm;

  HsmRandom(Hsm hsm) {
    this.hsm = hsm;
  }

  void fill(byte[] target) {
    byte[] drawn = draw(target.length);
    System.arraycopy(drawn, 0, target, 0, target.length);
    Arrays.fill(drawn, (byte) 0);
  }

  /** Mixes bytes of the HSM in; they add to what is there and can make nothing worse. */
  void mixInto(SecureRandom random) {
    byte[] seed = draw(SEED_BYTES);
    random.setSeed(seed);
    Arrays.fill(seed, (byte) 0);
  }

  private byte[] draw(int length) {
    try {
      return hsm.random(length);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }
}
