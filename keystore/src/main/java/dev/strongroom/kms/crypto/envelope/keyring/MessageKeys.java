// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import dev.strongroom.kms.EncryptionContext;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.Destroyable;

/**
 * The data key of one new message and its encrypted copies, one for each recipient. Whoever asks a
 * {@link Source} for it owns it and destroys it.
 */
public final class MessageKeys implements Destroyable, AutoCloseable {

  /** Length of a data key. */
  public static final int DATA_KEY_BYTES = 32;

  /** The most recipients of a message, which readers take by default. */
  public static final int MAX_COPIES = 100;

  /**
   * Makes the keys of new messages. Called once for each.
   *
   * <p>The context is the whole one that goes into the header, with the public key where the
   * message is signed; the encrypted copies have to be bound to it.
   */
  @FunctionalInterface
  public interface Source {
    MessageKeys generate(EncryptionContext context);
  }

  /**
   * Finds the data key of a message that was received, or throws: {@code
   * KmsException.InvalidCiphertext} if no copy is for this recipient. Called once for each message,
   * before anything of it is verified: the copies and the context are somebody's claim until the
   * opener's own cryptography confirms them.
   *
   * <p>Returns 32 bytes that the caller owns and zeroes. An opener that demands a certain context
   * compares it here; pairs whose names begin with {@code aws-crypto-} are the format's own.
   */
  @FunctionalInterface
  public interface Opener {
    byte[] open(List<EncryptedDataKey> copies, EncryptionContext context);
  }

  private final byte[] dataKey;
  private final List<EncryptedDataKey> copies;
  private boolean destroyed;

  private MessageKeys(byte[] dataKey, List<EncryptedDataKey> copies) {
    this.dataKey = dataKey;
    this.copies = copies;
  }

  /**
   * Takes ownership of {@code dataKey}: the caller must neither keep nor reuse it.
   *
   * @throws IllegalArgumentException unless the data key has 32 bytes and there are 1 to 100 copies
   */
  public static MessageKeys owning(byte[] dataKey, List<EncryptedDataKey> copies) {
    requireLength(dataKey);
    if (copies.isEmpty() || copies.size() > MAX_COPIES) {
      throw new IllegalArgumentException(
          "A message has 1 to 100 encrypted data keys, not "
              + copies.size()
              + ". Give fewer recipients, or let many share a key.");
    }
    return new MessageKeys(dataKey, List.copyOf(copies));
  }

  static byte[] requireLength(byte[] dataKey) {
    if (dataKey.length != DATA_KEY_BYTES) {
      throw new IllegalArgumentException(
          "The data key of a message has 32 bytes, not " + dataKey.length + ".");
    }
    return dataKey;
  }

  /** Lends the live array. */
  public synchronized byte[] dataKey() {
    if (destroyed) {
      throw new IllegalStateException("The keys of the message have been destroyed.");
    }
    return dataKey;
  }

  public List<EncryptedDataKey> copies() {
    return copies;
  }

  @Override
  public synchronized void destroy() {
    Arrays.fill(dataKey, (byte) 0);
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
    return "MessageKeys[" + copies + "]";
  }
}
