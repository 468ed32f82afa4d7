// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code ECDH}, {@code XDH} and {@code X25519}: one call of KMS DeriveSharedSecret, made in {@code
 * doPhase}, where JCA has a checked exception for a refusal. The public key may be of any provider.
 * Keys of others are passed on (see {@link OtherProviders}).
 *
 * @param <K> the handles that agree like this
 */
final class KmsKeyAgreementSpi<K extends KmsPrivateKey> extends KeyAgreementSpi {
  private static final int MAX_AES_BYTES = 32;

  private final String name;
  private final Class<K> handles;
  private final KeyAgreementAlgorithm algorithm;
  private @Nullable K key;
  private @Nullable KeyAgreement other;
  private byte @Nullable [] secret;

  KmsKeyAgreementSpi(String name, Class<K> handles, KeyAgreementAlgorithm algorithm) {
    this.name = name;
    this.handles = handles;
    this.algorithm = algorithm;
  }

  @Override
  protected void engineInit(@Nullable Key newKey, @Nullable SecureRandom random)
      throws InvalidKeyException {
    try {
      engineInit(newKey, null, random);
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  @Override
  protected void engineInit(
      @Nullable Key newKey,
      @Nullable AlgorithmParameterSpec parameters,
      @Nullable SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    forget();
    key = null;
    other = null;
    if (!(newKey instanceof KmsPrivateKey)) {
      other =
          OtherProviders.first(
              "KeyAgreement",
              name,
              newKey,
              provider -> {
                KeyAgreement agreement = KeyAgreement.getInstance(name, provider);
                agreement.init(newKey, parameters, random);
                return agreement;
              });
      return;
    }
    K handle = JcaErrors.ours(newKey, handles, "KeyAgreement " + name);
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException(name + " takes no parameters");
    }
    if (handle.metadata().usage() != KeyUsage.KEY_AGREEMENT) {
      throw new InvalidKeyException(
          handle.arn()
              + " is for "
              + handle.metadata().usage()
              + ". Make a key with --key-usage KEY_AGREEMENT to agree on secrets.");
    }
    key = handle;
  }

  @Override
  protected @Nullable Key engineDoPhase(@Nullable Key publicKey, boolean lastPhase)
      throws InvalidKeyException {
    if (other != null) {
      return other.doPhase(publicKey, lastPhase);
    }
    K handle = key();
    if (!lastPhase) {
      throw new IllegalStateException(name + " has one phase: two parties agree.");
    }
    forget();
    byte[] encoded =
        publicKey instanceof PublicKey && "X.509".equals(publicKey.getFormat())
            ? publicKey.getEncoded()
            : null;
    if (encoded == null) {
      throw new InvalidKeyException(
          name + " needs the other's public key, one with an X.509 encoding.");
    }
    try {
      secret = handle.kms().deriveSharedSecret(handle.caller(), handle.arn(), algorithm, encoded);
    } catch (KmsException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
    return null;
  }

  /** Returns the secret once; for another, there must be another phase. */
  @Override
  protected byte[] engineGenerateSecret() {
    if (other != null) {
      return other.generateSecret();
    }
    key();
    byte[] agreed = secret;
    if (agreed == null) {
      throw new IllegalStateException("Call doPhase with the other's public key first.");
    }
    secret = null;
    return agreed;
  }

  @Override
  protected int engineGenerateSecret(byte[] out, int offset) throws ShortBufferException {
    if (other != null) {
      return other.generateSecret(out, offset);
    }
    if (secret != null && out.length - offset < secret.length) {
      throw new ShortBufferException("The secret has " + secret.length + " bytes");
    }
    byte[] agreed = engineGenerateSecret();
    System.arraycopy(agreed, 0, out, offset, agreed.length);
    Arrays.fill(agreed, (byte) 0);
    return agreed.length;
  }

  /**
   * Returns the secret as a key: all of it, for example for {@code TlsPremasterSecret} or an HMAC;
   * for {@code AES}, as other providers do, the first 32 bytes.
   */
  @Override
  protected SecretKey engineGenerateSecret(String keyAlgorithm)
      throws NoSuchAlgorithmException, InvalidKeyException {
    if (other != null) {
      return other.generateSecret(keyAlgorithm);
    }
    if (keyAlgorithm.isEmpty()) {
      throw new NoSuchAlgorithmException("A key needs the name of an algorithm");
    }
    byte[] agreed = engineGenerateSecret();
    int bytes =
        keyAlgorithm.equalsIgnoreCase("AES")
            ? Math.min(agreed.length, MAX_AES_BYTES)
            : agreed.length;
    try {
      return new SecretKeySpec(agreed, 0, bytes, keyAlgorithm);
    } finally {
      Arrays.fill(agreed, (byte) 0);
    }
  }

  private void forget() {
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
      secret = null;
    }
  }

  private K key() {
    if (key == null) {
      throw new IllegalStateException("KeyAgreement " + name + " was not initialised");
    }
    return key;
  }
}
