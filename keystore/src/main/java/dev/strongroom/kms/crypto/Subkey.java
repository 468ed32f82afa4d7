// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * An AES key for the JDK's ciphers that can be destroyed, as {@code SecretKeySpec} cannot. The
 * ciphers keep copies of their own, which go with them.
 */
final class Subkey implements SecretKey {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // never serialized, see writeObject
  private final byte[] bytes;

  private boolean destroyed;

  /** Takes ownership of {@code bytes}. */
  Subkey(byte[] bytes) {
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

  @Override
  public synchronized byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("The subkey has been destroyed");
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

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("Subkeys never leave the process");
  }
}
