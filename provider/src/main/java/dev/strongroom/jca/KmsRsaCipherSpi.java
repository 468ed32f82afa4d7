// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * RSA on the private half of a KMS key: decrypts and unwraps. Encrypting with the public half is
 * every provider's work. Subclasses know a padding.
 */
abstract class KmsRsaCipherSpi extends PassingCipherSpi {
  private MessageBuffer ciphertext = new MessageBuffer(0);
  private @Nullable KmsRsaPrivateKey key;

  KmsRsaCipherSpi(String transformation) {
    super(transformation, KmsRsaPrivateKey.class);
  }

  /** Takes up the parameters of the padding. */
  abstract void initPadding(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException;

  /** Returns what the parameters chose. */
  abstract EncryptionAlgorithm algorithm();

  /** Returns how many bytes shorter than the modulus a message is at least. */
  abstract int leastPadding();

  /** Returns whether there is a key. */
  final boolean isInitialised() {
    return key != null;
  }

  @Override
  final void initOurs(int mode, Key newKey, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    KmsRsaPrivateKey handle = JcaErrors.ours(newKey, KmsRsaPrivateKey.class, transformation());
    if (mode != Cipher.DECRYPT_MODE && mode != Cipher.UNWRAP_MODE) {
      throw new InvalidKeyException(
          "Encrypt and wrap with the public key: publicKey() of the handle, or its certificate's.");
    }
    if (handle.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new InvalidKeyException(
          handle.arn() + " is for " + handle.metadata().usage() + ", not for ENCRYPT_DECRYPT.");
    }
    initPadding(parameters);
    key = handle;
    ciphertext = new MessageBuffer(modulusBytes(handle));
  }

  @Override
  void updateOurs(byte[] source, int offset, int count) {
    key();
    ciphertext.add(source, offset, count);
  }

  @Override
  int outputSizeOurs(int inputBytes) {
    return modulusBytes(key()) - leastPadding();
  }

  @Override
  byte[] doFinalOurs() throws IllegalBlockSizeException, BadPaddingException {
    KmsRsaPrivateKey handle = key();
    if (ciphertext.isTooLong()) {
      long length = ciphertext.length();
      ciphertext.clear();
      throw new IllegalBlockSizeException(
          "The ciphertext has "
              + length
              + " bytes; this key's have "
              + modulusBytes(handle)
              + ". Is it encrypted under another key?");
    }
    byte[] input = ciphertext.toBytes();
    ciphertext.clear();
    try {
      return decrypt(input);
    } catch (KmsException e) {
      throw JcaErrors.decryptingRsa(e);
    }
  }

  private byte[] decrypt(byte[] input) {
    KmsRsaPrivateKey handle = key();
    return handle
        .kms()
        .decrypt(handle.caller(), handle.arn(), algorithm(), input, EncryptionContext.EMPTY)
        .plaintext();
  }

  @Override
  Key unwrapOurs(byte[] wrapped, String keyAlgorithm, int type) throws InvalidKeyException {
    if (type != Cipher.SECRET_KEY) {
      throw new InvalidKeyException("RSA unwraps secret keys; it has no room for others.");
    }
    byte[] plain;
    try {
      plain = decrypt(wrapped);
    } catch (KmsException e) {
      throw JcaErrors.wrapping(e);
    }
    try {
      return new SecretKeySpec(plain, keyAlgorithm);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("What was wrapped is not a key: it is empty", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  @Override
  protected int engineGetKeySize(Key someKey) throws InvalidKeyException {
    if (someKey instanceof RSAKey rsa) {
      return rsa.getModulus().bitLength();
    }
    throw new InvalidKeyException("RSA needs an RSA key");
  }

  private static int modulusBytes(KmsRsaPrivateKey handle) {
    return handle.metadata().spec().bits() / 8;
  }

  private KmsRsaPrivateKey key() {
    if (key == null) {
      throw new IllegalStateException(transformation() + " was not initialised");
    }
    return key;
  }
}
