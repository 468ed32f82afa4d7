// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Kms;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.security.SecureRandomSpi;
import java.util.Arrays;

/**
 * {@code SecureRandom} {@code KmsRandom}: KMS GenerateRandom, one recorded call for each 1024
 * bytes. Thread-safe.
 */
final class KmsRandomSpi extends SecureRandomSpi {
  private static final long serialVersionUID = 1;

  private final transient Connection connection;

  KmsRandomSpi(Connection connection) {
    this.connection = connection;
  }

  /** Does nothing: the HSM's generator seeds itself, and nobody can weaken it. */
  @Override
  protected void engineSetSeed(byte[] seed) {}

  @Override
  protected void engineNextBytes(byte[] bytes) {
    try {
      for (int at = 0; at < bytes.length; at += Kms.MAX_RANDOM_BYTES) {
        int count = Math.min(bytes.length - at, Kms.MAX_RANDOM_BYTES);
        byte[] part = connection.kms().generateRandom(connection.caller(), count);
        System.arraycopy(part, 0, bytes, at, count);
        Arrays.fill(part, (byte) 0);
      }
    } catch (KmsException e) {
      // The caller must not go on with a buffer that is random in part.
      Arrays.fill(bytes, (byte) 0);
      throw JcaErrors.unchecked(e);
    }
  }

  @Override
  protected byte[] engineGenerateSeed(int count) {
    byte[] seed = new byte[count];
    engineNextBytes(seed);
    return seed;
  }

  private Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException("KmsRandom cannot be serialized: it belongs to its KMS.");
  }
}
