// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.JdkEngines;
import dev.strongroom.kms.crypto.SystemRandom;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/**
 * Wraps data keys under an RSA key with OAEP, as the AWS Encryption SDK's raw RSA keyring does,
 * which opens what this wraps and the other way round.
 *
 * <p>The provider id is the key's namespace, the provider info its name, the ciphertext as long as
 * the modulus. The encryption context is not bound here (OAEP has no place for it that the format
 * uses); the header's tag binds it. MGF1 takes the hash of the padding (RFC 8017 §7.1).
 * Thread-safe.
 */
public final class RawRsaKeyring implements Keyring {

  /** The hash of OAEP and of its MGF1. {@code SHA_1} is for messages of others. */
  public enum Hash {
    SHA_1("SHA-1"),
    SHA_256("SHA-256"),
    SHA_384("SHA-384"),
    SHA_512("SHA-512");

    private final OAEPParameterSpec oaep;

    Hash(String name) {
      this.oaep =
          new OAEPParameterSpec(
              name, "MGF1", new MGF1ParameterSpec(name), PSource.PSpecified.DEFAULT);
    }
  }

  private final RawKeyName name;
  private final Hash hash;
  private final @Nullable PublicKey publicKey;
  private final @Nullable PrivateKey privateKey;
  private final SecureRandom random = SystemRandom.direct();

  private RawRsaKeyring(
      RawKeyName name, Hash hash, @Nullable PublicKey publicKey, @Nullable PrivateKey privateKey) {
    this.name = name;
    this.hash = hash;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /** Returns a keyring that can wrap only: for writers, who need no private key. */
  public static RawRsaKeyring wrapping(
      String namespace, String name, Hash hash, PublicKey publicKey) {
    return new RawRsaKeyring(RawKeyName.of(namespace, name), hash, publicKey, null);
  }

  /** Returns a keyring that can unwrap only. The private key stays the caller's to destroy. */
  public static RawRsaKeyring unwrapping(
      String namespace, String name, Hash hash, PrivateKey privateKey) {
    return new RawRsaKeyring(RawKeyName.of(namespace, name), hash, null, privateKey);
  }

  @Override
  public EncryptedDataKey wrap(byte[] dataKey, EncryptionContext context) {
    if (publicKey == null) {
      throw new IllegalStateException(
          "The keyring " + name + " has no public key. Make it with RawRsaKeyring.wrapping.");
    }
    try {
      Cipher cipher = JdkEngines.rsaOaep();
      cipher.init(Cipher.ENCRYPT_MODE, publicKey, hash.oaep, random);
      byte[] info = name.keyName().getBytes(StandardCharsets.UTF_8);
      return EncryptedDataKey.owning(name.namespace(), info, cipher.doFinal(dataKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "The RSA key " + name + " can't wrap 32 bytes with OAEP and " + hash, e);
    }
  }

  @Override
  public Optional<byte[]> unwrap(EncryptedDataKey copy, EncryptionContext context) {
    if (privateKey == null
        || !copy.providerId().equals(name.namespace())
        || !copy.providerInfoText().equals(name.keyName())) {
      return Optional.empty();
    }
    try {
      Cipher cipher = JdkEngines.rsaOaep();
      cipher.init(Cipher.DECRYPT_MODE, privateKey, hash.oaep, random);
      return Optional.of(cipher.doFinal(copy.ciphertext()));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("The RSA key " + name + " can't unwrap with OAEP", e);
    } catch (GeneralSecurityException notForThisKey) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "RawRsaKeyring[" + name + "]";
  }
}
