// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * The AES key of one message, with an end of life. Engines take a copy at each frame and keep one
 * for as long as their {@code Cipher} lives; those copies are out of reach, which is why ciphers
 * are dropped with their message.
 *
 * <p>No {@code equals}: a destroyed key would equal a key of zeroes.
 */
public final class FrameKey implements SecretKey {
  private static final long serialVersionUID = 1;

  private final transient byte[] bytes;
  private transient boolean destroyed;

  /** Takes ownership of {@code bytes}. */
  public FrameKey(byte[] bytes) {
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
      throw new IllegalStateException("The key of the message has been destroyed.");
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

  private Object writeReplace() throws java.io.NotSerializableException {
    throw new java.io.NotSerializableException("The key of a message is never written anywhere.");
  }

  @Override
  public String toString() {
    return "FrameKey[256 bits]";
  }
}
