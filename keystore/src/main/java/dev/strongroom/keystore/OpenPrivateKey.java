// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.security.PrivateKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the private halves of data key pairs have in common: the encodings and the end of life.
 *
 * @param <K> the JDK's interface of such a key
 */
abstract sealed class OpenPrivateKey<K extends PrivateKey> implements DataKeyPrivateKey
    permits OpenRsaPrivateKey, OpenEcPrivateKey, OpenEdPrivateKey {
  private static final long serialVersionUID = 1;

  private final transient byte[] pkcs8;
  private final transient byte[] ciphertextBlob;
  private final String algorithm;
  private transient @Nullable K inner;

  /** Takes ownership of both arrays. */
  OpenPrivateKey(K inner, byte[] pkcs8, byte[] ciphertextBlob) {
    this.inner = inner;
    this.pkcs8 = pkcs8;
    this.ciphertextBlob = ciphertextBlob;
    this.algorithm = inner.getAlgorithm();
  }

  /** Returns the JDK's key, which answers for the numbers. */
  final synchronized K inner() {
    if (inner == null) {
      throw new IllegalStateException(
          "The private key was destroyed. Decrypt its ciphertext blob to get it back.");
    }
    return inner;
  }

  @Override
  public final byte[] getCiphertextBlob() {
    return ciphertextBlob.clone();
  }

  @Override
  public final String getAlgorithm() {
    return algorithm;
  }

  @Override
  public final String getFormat() {
    return "PKCS#8";
  }

  @Override
  public final synchronized byte[] getEncoded() {
    inner();
    return pkcs8.clone();
  }

  @Override
  public final synchronized void destroy() {
    Arrays.fill(pkcs8, (byte) 0);
    inner = null;
  }

  @Override
  public final synchronized boolean isDestroyed() {
    return inner == null;
  }

  @Override
  public final String toString() {
    return "DataKeyPrivateKey[" + algorithm + "]";
  }

  @SuppressWarnings("DoNotCallSuggester") // serialization calls it
  protected final Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException(
        "A private key in clear cannot be serialized. Store getCiphertextBlob() instead.");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A data key pair cannot come from a stream");
  }
}
