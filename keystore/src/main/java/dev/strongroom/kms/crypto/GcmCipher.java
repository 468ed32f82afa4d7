// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over ciphertext blobs under one subkey: the cipher object keeps its key schedule.
 * Used by one thread at a time.
 */
final class GcmCipher {
  private static final int TAG_BITS = 8 * CiphertextBlob.TAG_BYTES;

  private final Cipher cipher;
  private final DestroyableAesKey key;
  private byte[] aad = new byte[256];

  GcmCipher(DestroyableAesKey key) {
    this.key = key;
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding", Engine.SUN_JCE);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES/GCM/NoPadding", e);
    }
  }

  /** SunJCE, looked up by name once and never by the order of providers. */
  private static final class Engine {
    static final Provider SUN_JCE = Security.getProvider("SunJCE");
  }

  /** Encrypts {@code plaintext} into {@code blob}, whose bytes up to and with the IV are set. */
  void seal(byte[] blob, byte[] plaintext, EncryptionContext context) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, iv(blob));
      cipher.updateAAD(aad, 0, fillAad(blob, context));
      cipher.doFinal(plaintext, 0, plaintext.length, blob, CiphertextBlob.CIPHERTEXT_AT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM did not seal", e);
    }
  }

  /**
   * Returns the plaintext of {@code blob}.
   *
   * @throws KmsException.InvalidCiphertext if anything in it, or the context, is another
   */
  byte[] open(byte[] blob, EncryptionContext context) {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, iv(blob));
      cipher.updateAAD(aad, 0, fillAad(blob, context));
      return cipher.doFinal(
          blob, CiphertextBlob.CIPHERTEXT_AT, blob.length - CiphertextBlob.CIPHERTEXT_AT);
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  private static GCMParameterSpec iv(byte[] blob) {
    return new GCMParameterSpec(TAG_BITS, blob, CiphertextBlob.IV_AT, CiphertextBlob.IV_BYTES);
  }

  private int fillAad(byte[] blob, EncryptionContext context) {
    int length = CiphertextBlob.CIPHERTEXT_AT + context.aadLength();
    if (aad.length < length) {
      aad = new byte[length];
    }
    System.arraycopy(blob, 0, aad, 0, CiphertextBlob.CIPHERTEXT_AT);
    context.copyAadTo(aad, CiphertextBlob.CIPHERTEXT_AT);
    return length;
  }
}
