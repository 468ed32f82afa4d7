// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.kms.crypto.DestroyableAesKey;
import dev.strongroom.kms.crypto.JdkEngines;
import dev.strongroom.kms.crypto.Slots;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A data key in clear, with ciphers that keep its key schedule: what sealing and opening keys have
 * in common. Thread-safe; {@link #destroy()} wipes the key and drops the ciphers with it.
 */
abstract class FieldKey {
  private final DestroyableAesKey key;
  private final long bornNanos;
  private final Slots<Cipher> ciphers = new Slots<>(FieldKey::newCipher);

  /** Takes ownership of {@code key}, 32 bytes. */
  FieldKey(byte[] key, long bornNanos) {
    this.key = new DestroyableAesKey(key);
    this.bornNanos = bornNanos;
  }

  private static Cipher newCipher() {
    try {
      return JdkEngines.aesGcm();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES/GCM/NoPadding", e);
    }
  }

  long bornNanos() {
    return bornNanos;
  }

  /** Returns whether the key may still be used, as far as its age goes. */
  boolean isYoung(Duration maxAge, long nowNanos) {
    return !key.isDestroyed() && nowNanos - bornNanos < maxAge.toNanos();
  }

  /**
   * Encrypts or decrypts one message.
   *
   * @param mode of {@link Cipher}
   * @param message complete up to and with its IV
   * @throws IllegalStateException if the key was destroyed
   */
  final Cipher begin(int mode, byte[] message, int ivAt, Binding binding)
      throws GeneralSecurityException {
    Cipher cipher = ciphers.take();
    cipher.init(
        mode,
        key,
        new GCMParameterSpec(8 * FieldMessage.TAG_BYTES, message, ivAt, FieldMessage.IV_BYTES));
    cipher.updateAAD(message, 0, ivAt + FieldMessage.IV_BYTES);
    cipher.updateAAD(binding.contextAad());
    cipher.updateAAD(binding.boundTo());
    return cipher;
  }

  final void end(Cipher cipher) {
    ciphers.giveBack(cipher);
  }

  final boolean isDestroyed() {
    return key.isDestroyed();
  }

  final void destroy() {
    key.destroy();
  }
}
