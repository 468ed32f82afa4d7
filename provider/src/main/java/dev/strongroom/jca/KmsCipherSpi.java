// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.DataKeyPrivateKey;
import dev.strongroom.keystore.JdkKeys;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.DecryptResult;
import dev.strongroom.kms.service.Kms;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * {@code Cipher} {@code Kms}: KMS Encrypt and Decrypt under a symmetric key, 1 to 4096 bytes, in a
 * ciphertext blob that is {@value #OVERHEAD} bytes longer and names its key.
 *
 * <p>Everything is buffered: {@code update} returns nothing, and nothing is released before it is
 * authentic. Wrapping takes any key with an encoding; unwrapping gives a {@link DataKey} or a
 * {@link DataKeyPrivateKey}.
 */
final class KmsCipherSpi extends CipherSpi {

  /** How much longer a ciphertext blob is than its plaintext. */
  static final int OVERHEAD = 117;

  // AWS's limit of a ciphertext blob; longer than any that Encrypt makes.
  private static final int MAX_BLOB_BYTES = 6144;

  private static final Set<String> PRIVATE_KEYS = Set.of("RSA", "EC", "EdDSA", "Ed25519");

  private final MessageBuffer plaintext = new MessageBuffer(Kms.MAX_MESSAGE_BYTES);
  private final MessageBuffer blob = new MessageBuffer(MAX_BLOB_BYTES);
  private boolean sealing;
  private EncryptionContext context = EncryptionContext.EMPTY;
  private @Nullable KmsSecretKey key;

  @Override
  protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
    throw new NoSuchAlgorithmException("The transformation is \"Kms\", without a mode.");
  }

  @Override
  protected void engineSetPadding(String padding) throws NoSuchPaddingException {
    throw new NoSuchPaddingException("The transformation is \"Kms\", without a padding.");
  }

  @Override
  protected void engineInit(int mode, Key newKey, SecureRandom random) throws InvalidKeyException {
    init(mode, newKey, EncryptionContext.EMPTY);
  }

  @Override
  protected void engineInit(
      int mode, Key newKey, @Nullable AlgorithmParameterSpec parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    EncryptionContext newContext =
        parameters == null
            ? EncryptionContext.EMPTY
            : JcaErrors.ours(parameters, EncryptionContextSpec.class, "Cipher Kms").context();
    init(mode, newKey, newContext);
  }

  @Override
  protected void engineInit(
      int mode, Key newKey, @Nullable AlgorithmParameters parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException(
          "Cipher Kms has no AlgorithmParameters. Pass an EncryptionContextSpec, or nothing.");
    }
    init(mode, newKey, EncryptionContext.EMPTY);
  }

  private void init(int mode, Key newKey, EncryptionContext newContext) throws InvalidKeyException {
    KmsSecretKey handle = JcaErrors.ours(newKey, KmsSecretKey.class, "Cipher Kms");
    if (handle.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new InvalidKeyException(
          handle.arn()
              + " is for "
              + handle.metadata().usage()
              + ". Cipher Kms needs a key of spec SYMMETRIC_DEFAULT.");
    }
    key = handle;
    context = newContext;
    sealing = mode == Cipher.ENCRYPT_MODE || mode == Cipher.WRAP_MODE;
    plaintext.clear();
    blob.clear();
  }

  @Override
  protected int engineGetKeySize(Key givenKey) throws InvalidKeyException {
    return JcaErrors.ours(givenKey, KmsSecretKey.class, "Cipher Kms").metadata().spec().bits();
  }

  /** Returns 0: this is no block cipher. */
  @Override
  protected int engineGetBlockSize() {
    return 0;
  }

  @Override
  protected int engineGetOutputSize(int inputBytes) {
    long total = input().length() + inputBytes;
    return (int)
        Math.min(sealing ? total + OVERHEAD : Math.max(0, total - OVERHEAD), Integer.MAX_VALUE);
  }

  /** Returns null: the IV is part of the blob, and nobody chooses it. */
  @Override
  protected byte @Nullable [] engineGetIV() {
    return null;
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return null;
  }

  @Override
  protected byte[] engineUpdate(byte[] source, int offset, int count) {
    input().add(source, offset, count);
    return new byte[0];
  }

  @Override
  protected int engineUpdate(byte[] source, int offset, int count, byte[] out, int outOffset) {
    input().add(source, offset, count);
    return 0;
  }

  @Override
  protected byte[] engineDoFinal(byte @Nullable [] source, int offset, int count)
      throws IllegalBlockSizeException, BadPaddingException {
    if (source != null) {
      input().add(source, offset, count);
    }
    try {
      return sealing ? encrypt() : decrypt().plaintext();
    } finally {
      input().clear();
    }
  }

  @Override
  protected int engineDoFinal(
      byte @Nullable [] source, int offset, int count, byte[] out, int outOffset)
      throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
    int needed = engineGetOutputSize(count);
    if (out.length - outOffset < needed) {
      // Before the input is taken: the caller may repeat the call with a larger buffer.
      throw new ShortBufferException(
          "The output needs "
              + needed
              + " bytes, and there is room for "
              + (out.length - outOffset));
    }
    byte[] result = engineDoFinal(source, offset, count);
    System.arraycopy(result, 0, out, outOffset, result.length);
    if (!sealing) {
      Arrays.fill(result, (byte) 0);
    }
    return result.length;
  }

  private byte[] encrypt() throws IllegalBlockSizeException {
    if (plaintext.isTooLong()) {
      throw new IllegalBlockSizeException(
          "Cipher Kms encrypts 1 to 4096 bytes, not "
              + plaintext.length()
              + ". Use Cipher KmsEnvelope, which takes any size.");
    }
    KmsSecretKey handle = key();
    byte[] message = plaintext.toBytes();
    try {
      return handle
          .kms()
          .encrypt(
              handle.caller(),
              handle.arn(),
              EncryptionAlgorithm.SYMMETRIC_DEFAULT,
              message,
              context)
          .ciphertextBlob();
    } catch (KmsException e) {
      throw JcaErrors.encrypting(e);
    } finally {
      Arrays.fill(message, (byte) 0);
    }
  }

  private DecryptResult decrypt() throws IllegalBlockSizeException, BadPaddingException {
    if (blob.isTooLong()) {
      throw new IllegalBlockSizeException(
          "A ciphertext blob has at most 6144 bytes, not "
              + blob.length()
              + ". Envelope messages are decrypted by Cipher KmsEnvelope.");
    }
    try {
      return decrypt(blob.toBytes());
    } catch (KmsException e) {
      throw JcaErrors.decrypting(e);
    }
  }

  private DecryptResult decrypt(byte[] ciphertext) {
    KmsSecretKey handle = key();
    return handle
        .kms()
        .decrypt(
            handle.caller(),
            handle.arn(),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            ciphertext,
            context);
  }

  @Override
  protected byte[] engineWrap(Key wrapped) throws IllegalBlockSizeException, InvalidKeyException {
    byte[] encoded = wrapped.getEncoded();
    if (encoded == null) {
      throw new InvalidKeyException(
          "The key of class "
              + wrapped.getClass().getName()
              + " has no encoding, so it cannot be wrapped: it is a reference to a key elsewhere.");
    }
    try {
      return engineDoFinal(encoded, 0, encoded.length);
    } catch (BadPaddingException e) {
      throw new AssertionError("Encrypting has no padding", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /**
   * Opens a wrapped key.
   *
   * @return a {@link DataKey}, a {@link DataKeyPrivateKey} or one of the JDK's public keys
   */
  @Override
  protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
      throws InvalidKeyException, NoSuchAlgorithmException {
    if (type != Cipher.SECRET_KEY && !PRIVATE_KEYS.contains(algorithm)) {
      throw new NoSuchAlgorithmException(
          "Cipher Kms unwraps pairs of type RSA, EC, EdDSA and Ed25519, not " + algorithm);
    }
    byte[] plain;
    try {
      plain = decrypt(wrapped).plaintext();
    } catch (KmsException e) {
      throw JcaErrors.wrapping(e);
    }
    try {
      return switch (type) {
        case Cipher.SECRET_KEY -> DataKey.owning(plain, algorithm, wrapped.clone());
        case Cipher.PRIVATE_KEY -> DataKeyPrivateKey.owning(algorithm, plain, wrapped.clone());
        default -> JdkKeys.publicKey(algorithm, plain);
      };
    } catch (IllegalArgumentException e) {
      Arrays.fill(plain, (byte) 0);
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  private MessageBuffer input() {
    return sealing ? plaintext : blob;
  }

  private KmsSecretKey key() {
    if (key == null) {
      throw new IllegalStateException("Cipher Kms was not initialised");
    }
    return key;
  }
}
