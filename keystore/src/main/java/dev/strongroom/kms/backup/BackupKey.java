// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/**
 * The key of one backup, 32 random bytes: it seals that file and nothing else, so that chunks may
 * be numbered from 0. The caller closes it. Thread-safe until then.
 */
public final class BackupKey implements Destroyable, AutoCloseable {
  private static final Logger LOG = System.getLogger(BackupKey.class.getName());
  private static final int BYTES = 32;
  private static final int TAG_BITS = 128;
  private static final int IV_BYTES = 12;
  private static final int LEAST_RSA_BITS = 3072;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private final byte[] bytes;
  private volatile boolean destroyed;

  private BackupKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Draws a new one. */
  public static BackupKey draw(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new BackupKey(bytes);
  }

  /** Returns what a key that seals a {@link BackupHeader.DomainWrap} is derived with. */
  private static byte[] context(UUID domain, int version, byte[] salt) {
    return new CanonicalEncoding().add(domain.toString()).add(version).add(salt).toBytes();
  }

  /**
   * Seals this key for those who have the domain key.
   *
   * @param derive {@code F(kdf, strongroom/1/backup, context)} under that version
   */
  public BackupHeader.DomainWrap wrap(
      UUID domain, int version, UnaryOperator<byte[]> derive, SecureRandom random) {
    byte[] salt = new byte[BYTES];
    random.nextBytes(salt);
    byte[] key = derive.apply(context(domain, version, salt));
    try {
      // A key of its own for each backup: the IV may be the same.
      byte[] wrapped = gcm(Cipher.ENCRYPT_MODE, key, new byte[IV_BYTES], new byte[0], bytes);
      return new BackupHeader.DomainWrap(
          version, BackupHeader.base64(salt), BackupHeader.base64(wrapped));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("AES-256-GCM seals 32 bytes", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Opens what {@link #wrap} returned.
   *
   * @throws KmsException.InvalidCiphertext if it was wrapped under another domain key
   */
  public static BackupKey unwrap(
      UUID domain, BackupHeader.DomainWrap wrap, UnaryOperator<byte[]> derive) {
    byte[] salt = Base64.getDecoder().decode(wrap.salt());
    byte[] key = derive.apply(context(domain, wrap.version(), salt));
    try {
      byte[] wrapped = Base64.getDecoder().decode(wrap.wrapped());
      return of(gcm(Cipher.DECRYPT_MODE, key, new byte[IV_BYTES], new byte[0], wrapped));
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static BackupKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    return new BackupKey(bytes);
  }

  /**
   * Encrypts this key for a recipient.
   *
   * @throws KmsException.Configuration unless it is an RSA key of 3072 bits or more
   */
  public BackupHeader.Recipient wrapFor(PublicKey recipient) {
    if (!(recipient instanceof RSAKey rsa) || rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      throw new KmsException.Configuration(
          "A recipient of backups has an RSA key of " + LEAST_RSA_BITS + " bits or more.", null);
    }
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      cipher.init(Cipher.ENCRYPT_MODE, recipient, OAEP);
      return new BackupHeader.Recipient(
          name(recipient), BackupHeader.base64(cipher.doFinal(bytes)));
    } catch (GeneralSecurityException e) {
      throw new KmsException.Configuration("That RSA key encrypts nothing: " + e.getMessage(), e);
    }
  }

  /** Returns the name of a public key in a header. */
  public static String name(PublicKey key) {
    return HexFormat.of().formatHex(Sha256.of(key.getEncoded()));
  }

  /**
   * Decrypts what {@link #wrapFor} returned, whichever of the recipients it is.
   *
   * @throws KmsException.InvalidCiphertext if that is none of theirs
   */
  public static BackupKey unwrap(List<BackupHeader.Recipient> recipients, PrivateKey key) {
    for (BackupHeader.Recipient recipient : recipients) {
      try {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
        cipher.init(Cipher.DECRYPT_MODE, key, OAEP);
        return of(cipher.doFinal(Base64.getDecoder().decode(recipient.wrapped())));
      } catch (GeneralSecurityException | KmsException.InvalidCiphertext e) {
        LOG.log(Level.TRACE, "That is of another recipient", e);
      }
    }
    throw new KmsException.InvalidCiphertext();
  }

  /** Seals one chunk. */
  byte[] seal(long number, boolean isLast, byte[] header, byte[] plaintext, int length)
      throws GeneralSecurityException {
    return gcm(
        Cipher.ENCRYPT_MODE,
        bytes,
        BackupFormat.iv(number, isLast),
        header,
        length == plaintext.length ? plaintext : Arrays.copyOf(plaintext, length));
  }

  /** Opens one chunk. */
  byte[] open(long number, boolean isLast, byte[] header, byte[] sealed)
      throws GeneralSecurityException {
    return gcm(Cipher.DECRYPT_MODE, bytes, BackupFormat.iv(number, isLast), header, sealed);
  }

  private static byte[] gcm(int mode, byte[] key, byte[] iv, byte[] aad, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(aad);
    return cipher.doFinal(input);
  }

  @Override
  public void destroy() {
    Arrays.fill(bytes, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public void close() {
    destroy();
  }
}
