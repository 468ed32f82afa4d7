// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.util.Arrays;
import java.util.function.Function;
import javax.security.auth.Destroyable;

/**
 * Secret key bytes with an end of life. Not a record: a record would print and compare its secret.
 *
 * <p>Thread-safe. The JVM may have copied what is zeroed here; the README says so.
 */
public final class KeyMaterial implements Destroyable, AutoCloseable {
  private final byte[] bytes;
  private boolean destroyed;

  private KeyMaterial(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes ownership: the caller must neither keep nor reuse {@code bytes}. */
  public static KeyMaterial owning(byte[] bytes) {
    return new KeyMaterial(bytes);
  }

  /**
   * Lends the bytes to {@code user}, which must neither keep nor return them.
   *
   * @throws IllegalStateException after {@link #destroy()}
   */
  // The lock makes use() see either the whole key or none of it, never a half-zeroed one.
  public synchronized <T> T use(Function<byte[], T> user) {
    if (destroyed) {
      throw new IllegalStateException("Key material has been destroyed");
    }
    return user.apply(bytes);
  }

  @Override
  public synchronized void destroy() {
    Arrays.fill(bytes, (byte) 0);
    destroyed = true;
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public void close() {
    destroy();
  }

  @Override
  public String toString() {
    return "KeyMaterial[" + 8 * bytes.length + " bits]";
  }
}
