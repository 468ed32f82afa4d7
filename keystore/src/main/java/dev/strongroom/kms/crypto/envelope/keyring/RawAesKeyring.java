// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.JdkEngines;
import dev.strongroom.kms.crypto.SystemRandom;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Wraps data keys under an AES key with GCM, as the AWS Encryption SDK's raw AES keyring does,
 * which opens what this wraps and the other way round. Bound to the encryption context.
 *
 * <p>The provider id is the key's namespace; the ciphertext is {@code encrypted data key 32 | tag
 * 16}; the provider info:
 *
 * <table>
 * <caption>Layout, integers big-endian</caption>
 * <tr><th>length</th><th>field</th></tr>
 * <tr><td>n</td><td>name of the key, UTF-8</td></tr>
 * <tr><td>4</td><td>length of the tag in bits, 128</td></tr>
 * <tr><td>4</td><td>length of the IV in bytes, 12</td></tr>
 * <tr><td>12</td><td>IV, random: at most 2^32 wraps under one key (SP 800-38D §8.3)</td></tr>
 * </table>
 *
 * <p>Source: AWS Encryption SDK Specification, framework/raw-aes-keyring. Thread-safe.
 */
public final class RawAesKeyring implements Keyring {
  private static final int TAG_BITS = 128;
  private static final int IV_BYTES = 12;
  private static final int CIPHERTEXT_BYTES = MessageKeys.DATA_KEY_BYTES + TAG_BITS / 8;

  private final RawKeyName name;
  private final SecretKey wrappingKey;
  private final SecureRandom random = SystemRandom.direct();

  private RawAesKeyring(RawKeyName name, SecretKey wrappingKey) {
    this.name = name;
    this.wrappingKey = wrappingKey;
  }

  /**
   * @param namespace whose keys these are; becomes the provider id
   * @param name which of them this is
   * @param wrappingKey 128, 192 or 256 bits of AES; stays the caller's to destroy
   * @throws IllegalArgumentException if the namespace is one that a KMS uses, or the key is none of
   *     AES
   */
  public static RawAesKeyring of(String namespace, String name, SecretKey wrappingKey) {
    if (!wrappingKey.getAlgorithm().equals("AES")) {
      throw new IllegalArgumentException(
          "The wrapping key is for " + wrappingKey.getAlgorithm() + ". Give an AES key.");
    }
    return new RawAesKeyring(RawKeyName.of(namespace, name), wrappingKey);
  }

  @Override
  public EncryptedDataKey wrap(byte[] dataKey, EncryptionContext context) {
    byte[] iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    try {
      byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, iv, context).doFinal(dataKey);
      return EncryptedDataKey.owning(name.namespace(), infoWith(iv), ciphertext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "The wrapping key " + name + " can't be used with AES-GCM", e);
    }
  }

  @Override
  public Optional<byte[]> unwrap(EncryptedDataKey copy, EncryptionContext context) {
    byte[] info = copy.providerInfo();
    byte[] iv = Arrays.copyOfRange(info, Math.max(0, info.length - IV_BYTES), info.length);
    byte[] ciphertext = copy.ciphertext();
    if (!copy.providerId().equals(name.namespace())
        || !MessageDigest.isEqual(info, infoWith(iv))
        || ciphertext.length != CIPHERTEXT_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, iv, context).doFinal(ciphertext));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(
          "The wrapping key " + name + " can't be used with AES-GCM", e);
    } catch (GeneralSecurityException notAuthentic) {
      return Optional.empty();
    }
  }

  private byte[] infoWith(byte[] iv) {
    byte[] text = name.keyName().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(text.length + 2 * Integer.BYTES + iv.length)
        .put(text)
        .putInt(TAG_BITS)
        .putInt(IV_BYTES)
        .put(iv)
        .array();
  }

  private Cipher cipher(int mode, byte[] iv, EncryptionContext context)
      throws GeneralSecurityException {
    Cipher cipher = JdkEngines.aesGcm();
    cipher.init(mode, wrappingKey, new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(context.toAad());
    return cipher;
  }

  @Override
  public String toString() {
    return "RawAesKeyring[" + name + "]";
  }
}
