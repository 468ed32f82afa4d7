// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.key.HsmErrors;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.SecureRandom;
import java.util.Arrays;

/** The operating system's generator with bytes of the HSM mixed in. */
final class SystemRandom {
  private static final int SEED_BYTES = 32;

  private SystemRandom() {}

  static SecureRandom create() {
    try {
      return SecureRandom.getInstance("NativePRNGNonBlocking", "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      return drbg(); // Windows: SUN has no native generator there
    }
  }

  private static SecureRandom drbg() {
    try {
      return SecureRandom.getInstance("DRBG", "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new AssertionError("Every JDK has DRBG in its provider SUN", e);
    }
  }

  /** Mixes bytes of the HSM in; they add to what is there and can make nothing worse. */
  static void mixIn(SecureRandom random, Hsm hsm) {
    try {
      byte[] seed = hsm.random(SEED_BYTES);
      random.setSeed(seed);
      Arrays.fill(seed, (byte) 0);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }
}
