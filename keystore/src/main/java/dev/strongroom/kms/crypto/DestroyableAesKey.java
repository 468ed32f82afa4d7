// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.io.NotSerializableException;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * An AES key for the JDK's ciphers with an end of life, as {@code SecretKeySpec} has none. Engines
 * take a copy at each use and keep one for as long as their {@code Cipher} lives; those copies are
 * out of reach, which is why ciphers are dropped with their key.
 *
 * <p>No {@code equals}: a destroyed key would equal a key of zeroes. Thread-safe.
 */
public final class DestroyableAesKey implements SecretKey {
  private static final long serialVersionUID = 1;

  private final transient byte[] bytes;
  private transient boolean destroyed;

  /** Takes ownership of {@code bytes}. */
  public DestroyableAesKey(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  // The lock lets an engine see the whole key or an error, never a half-zeroed key.
  @Override
  public synchronized byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("The key has been destroyed.");
    }
    return bytes.clone();
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

  private Object writeReplace() throws NotSerializableException {
    throw new NotSerializableException("Keys of messages are never written anywhere.");
  }

  @Override
  public String toString() {
    return "DestroyableAesKey[" + 8 * bytes.length + " bits]";
  }
}
