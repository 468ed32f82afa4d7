// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * RSA with OAEP padding on the private half of a KMS key: decrypts and unwraps. Encrypting with the
 * public half is every provider's work.
 *
 * <p>Without parameters MGF1 is over SHA-1 whatever the transformation's hash, as in the JDK.
 */
final class KmsOaepCipherSpi extends PassingCipherSpi {
  private static final String WHAT = "RSA-OAEP";

  private final String defaultHash;
  private MessageBuffer ciphertext = new MessageBuffer(0);
  private EncryptionAlgorithm algorithm = EncryptionAlgorithm.RSAES_OAEP_SHA_1;
  private @Nullable KmsRsaPrivateKey key;

  KmsOaepCipherSpi(String transformation, String defaultHash) {
    super(transformation, KmsRsaPrivateKey.class);
    this.defaultHash = defaultHash;
  }

  @Override
  void initOurs(int mode, Key newKey, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    KmsRsaPrivateKey handle = JcaErrors.ours(newKey, KmsRsaPrivateKey.class, WHAT);
    if (mode != Cipher.DECRYPT_MODE && mode != Cipher.UNWRAP_MODE) {
      throw new InvalidKeyException(
          "Encrypt and wrap with the public key: publicKey() of the handle, or its certificate's.");
    }
    if (handle.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new InvalidKeyException(
          handle.arn() + " is for " + handle.metadata().usage() + ", not for ENCRYPT_DECRYPT.");
    }
    algorithm = parameters == null ? algorithm(defaultHash, "SHA-1") : algorithm(parameters);
    key = handle;
    ciphertext = new MessageBuffer(modulusBytes(handle));
  }

  private static EncryptionAlgorithm algorithm(AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (!(parameters instanceof OAEPParameterSpec oaep)
        || !(oaep.getMGFParameters() instanceof MGF1ParameterSpec mgf1)) {
      throw new InvalidAlgorithmParameterException(
          "RSA-OAEP takes an OAEPParameterSpec with MGF1 parameters, or nothing.");
    }
    if (!(oaep.getPSource() instanceof PSource.PSpecified label) || label.getValue().length != 0) {
      throw new InvalidAlgorithmParameterException(
          "RSA-OAEP on a KMS key has no label. Use PSource.PSpecified.DEFAULT.");
    }
    return algorithm(
        Hashes.standardName(oaep.getDigestAlgorithm()),
        Hashes.standardName(mgf1.getDigestAlgorithm()));
  }

  private static EncryptionAlgorithm algorithm(String hash, String mgfHash)
      throws InvalidAlgorithmParameterException {
    for (EncryptionAlgorithm candidate : EncryptionAlgorithm.values()) {
      if (candidate.hash().equals(hash) && candidate.mgfHash().equals(mgfHash)) {
        return candidate;
      }
    }
    throw new InvalidAlgorithmParameterException(
        "RSA-OAEP with "
            + hash
            + " and MGF1 over "
            + mgfHash
            + " is not what KMS keys do: any of SHA-1 and the SHA-2 family, and MGF1 over the same"
            + " hash, or over any of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.");
  }

  @Override
  AlgorithmParameterSpec specOf(AlgorithmParameters parameters)
      throws InvalidAlgorithmParameterException {
    try {
      return parameters.getParameterSpec(OAEPParameterSpec.class);
    } catch (InvalidParameterSpecException e) {
      throw new InvalidAlgorithmParameterException("RSA-OAEP takes parameters of type OAEP", e);
    }
  }

  @Override
  @Nullable AlgorithmParameters parametersOurs() {
    if (key == null) {
      return null;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("OAEP", "SunJCE");
      parameters.init(
          new OAEPParameterSpec(
              algorithm.hash(),
              "MGF1",
              new MGF1ParameterSpec(algorithm.mgfHash()),
              PSource.PSpecified.DEFAULT));
      return parameters;
    } catch (NoSuchAlgorithmException | NoSuchProviderException | InvalidParameterSpecException e) {
      throw new IllegalStateException("This JVM's provider SunJCE has no OAEP parameters", e);
    }
  }

  @Override
  void updateOurs(byte[] source, int offset, int count) {
    key();
    ciphertext.add(source, offset, count);
  }

  @Override
  int outputSizeOurs(int inputBytes) {
    return modulusBytes(key()) - 2 * Hashes.of(algorithm.hash()).getDigestLength() - 2;
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
        .decrypt(handle.caller(), handle.arn(), algorithm, input, EncryptionContext.EMPTY)
        .plaintext();
  }

  @Override
  Key unwrapOurs(byte[] wrapped, String keyAlgorithm, int type) throws InvalidKeyException {
    if (type != Cipher.SECRET_KEY) {
      throw new InvalidKeyException("RSA-OAEP unwraps secret keys; it has no room for others.");
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
    throw new InvalidKeyException("RSA-OAEP needs an RSA key");
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
