// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.kms.KmsException;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/** A data key that came out of a message: it opens and never seals. */
final class OpeningKey extends FieldKey {

  /** Takes ownership of {@code key}. */
  OpeningKey(byte[] key, long bornNanos) {
    super(key, bornNanos);
  }

  /**
   * Returns the plaintext; null where the key was wiped.
   *
   * @throws KmsException.InvalidCiphertext if anything in it, or what it is bound to, is another
   */
  byte @Nullable [] open(FieldMessage message, Binding binding) {
    int ciphertextAt = message.ivAt() + FieldMessage.IV_BYTES;
    try {
      Cipher cipher = begin(Cipher.DECRYPT_MODE, message.bytes(), message.ivAt(), binding);
      byte[] plaintext =
          cipher.doFinal(message.bytes(), ciphertextAt, message.bytes().length - ciphertextAt);
      end(cipher);
      return plaintext;
    } catch (IllegalStateException e) {
      if (isDestroyed()) {
        return null; // wiped between the look at the key and its use
      }
      throw e;
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    }
  }
}
