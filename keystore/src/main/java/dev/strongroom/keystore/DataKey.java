// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A data key in clear, with the encrypted copy that is to be stored beside what it encrypts.
 *
 * <p>Its encoding is {@code RAW}, so that every provider's ciphers and MACs take it. {@link
 * #destroy()} it when done; what other code copied before stays in memory until it is collected.
 * Keys are compared by identity. Not serializable. Thread-safe.
 */
public final class DataKey implements SecretKey {
  private static final long serialVersionUID = 1;

  private final transient byte[] key;
  private final transient byte[] ciphertextBlob;
  private final String algorithm;
  private transient boolean destroyed;

  private DataKey(byte[] key, String algorithm, byte[] ciphertextBlob) {
    this.key = key;
    this.algorithm = algorithm;
    this.ciphertextBlob = ciphertextBlob;
  }

  /** Takes ownership of both arrays. */
  public static DataKey owning(byte[] key, String algorithm, byte[] ciphertextBlob) {
    return new DataKey(key, algorithm, ciphertextBlob);
  }

  /**
   * Returns a copy of the encrypted copy. KMS Decrypt, or {@code Cipher} {@code Kms} in unwrap
   * mode, opens it under the same encryption context.
   */
  public byte[] getCiphertextBlob() {
    return ciphertextBlob.clone();
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  /**
   * Returns a copy of the key, which the receiver zeroes.
   *
   * @throws IllegalStateException if the key was destroyed
   */
  @Override
  public synchronized byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException(
          "The data key was destroyed. Decrypt its ciphertext blob to get it back.");
    }
    return key.clone();
  }

  // The lock makes getEncoded() see either the whole key or none of it, never a half-zeroed one.
  @Override
  public synchronized void destroy() {
    Arrays.fill(key, (byte) 0);
    destroyed = true;
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "DataKey[" + 8 * key.length + " bits]";
  }

  private Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException(
        "A data key in clear cannot be serialized. Store getCiphertextBlob() instead.");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A data key cannot come from a stream");
  }
}
