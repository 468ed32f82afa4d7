// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.kms.crypto.RandomBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * A data key that seals values of one encryption context, within its limits. What it may do is
 * taken before sealing: a seal that fails counts.
 *
 * <p>IVs are random and not counted, and each is drawn from the system when it is needed: a copy of
 * the running process (a restored checkpoint, a cloned machine) would go on with the same key at
 * the same count, or with the same bytes. At most 2^32 of 96 bits under one key are SP 800-38D
 * §8.3's bound; 2^24, the default, collide with a probability of 2^-49.
 */
final class SealingKey extends FieldKey {
  private final byte[] header;
  private final RandomBytes ivs;
  private final AtomicLong messagesLeft;
  private final AtomicLong bytesLeft;

  /** Takes ownership of {@code key}. */
  SealingKey(byte[] key, byte[] header, FieldLimits limits, RandomBytes ivs, long bornNanos) {
    super(key, bornNanos);
    this.header = header;
    this.ivs = ivs;
    this.messagesLeft = new AtomicLong(limits.maxMessages());
    this.bytesLeft = new AtomicLong(limits.maxBytes());
  }

  /** Returns a message; null where the key was used up or wiped. */
  byte @Nullable [] seal(byte[] plaintext, Binding binding) {
    if (messagesLeft.decrementAndGet() < 0
        || bytesLeft.addAndGet(-Math.max(1, plaintext.length)) < 0) {
      return null;
    }
    int ivAt = header.length;
    int ciphertextAt = ivAt + FieldMessage.IV_BYTES;
    byte[] message =
        Arrays.copyOf(header, ciphertextAt + plaintext.length + FieldMessage.TAG_BYTES);
    System.arraycopy(ivs.next(FieldMessage.IV_BYTES), 0, message, ivAt, FieldMessage.IV_BYTES);
    try {
      Cipher cipher = begin(Cipher.ENCRYPT_MODE, message, ivAt, binding);
      cipher.doFinal(plaintext, 0, plaintext.length, message, ciphertextAt);
      end(cipher);
      return message;
    } catch (IllegalStateException e) {
      if (isDestroyed()) {
        return null; // wiped between the look at the key and its use
      }
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM did not seal", e);
    }
  }
}
