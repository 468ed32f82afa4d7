// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;

/**
 * An asymmetric backing key of level SOFTWARE, parsed once. The JDK's private keys cannot be wiped;
 * they go with this object.
 */
final class SoftwarePrivateKey implements OpenKey {
  private final CmkSpec spec;
  private final PrivateKey key;
  private final SecureRandom random;

  private SoftwarePrivateKey(CmkSpec spec, PrivateKey key, SecureRandom random) {
    this.spec = spec;
    this.key = key;
    this.random = random;
  }

  /** Opens a PKCS#8 private key; {@code material} is left intact. */
  static OpenKey open(CmkSpec spec, KeyMaterial material, SecureRandom random) {
    String provider = spec.jcaName().equals("RSA") ? "SunRsaSign" : "SunEC";
    PrivateKey key =
        material.use(
            bytes -> {
              try {
                return KeyFactory.getInstance(spec.jcaName(), provider)
                    .generatePrivate(new PKCS8EncodedKeySpec(bytes));
              } catch (GeneralSecurityException e) {
                throw new KmsException.StoreTampered(
                    "A private key of spec "
                        + spec
                        + " cannot be read. Restore the store from a backup.");
              }
            });
    return new SoftwarePrivateKey(spec, key, random);
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    throw new KmsException.InvalidKeyUsage("A private key makes no MACs; use an HMAC key.");
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    try {
      return switch (algorithm.padding()) {
        case PKCS1 -> {
          Hash hash = Hash.of(algorithm.hash());
          yield rawRsa(RsaPadding.pkcs1(hash, input, spec.bits() / 8));
        }
        case PSS -> rawRsa(RsaPadding.pss(Hash.of(algorithm.hash()), input, spec.bits(), random));
        case NONE ->
            jdkSignature(
                algorithm == SigningAlgorithm.ED25519_SHA_512 ? "Ed25519" : "NONEwithECDSA", input);
      };
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec " + spec + " does not sign with " + algorithm + ".");
    }
  }

  private byte[] rawRsa(byte[] encoded) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", "SunJCE");
    // With a private key, encrypting is the private operation; the JDK blinds it.
    cipher.init(Cipher.ENCRYPT_MODE, (RSAPrivateKey) key, random);
    return cipher.doFinal(encoded);
  }

  private byte[] jdkSignature(String name, byte[] input) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name, "SunEC");
    signature.initSign(key, random);
    signature.update(input);
    return signature.sign();
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      cipher.init(Cipher.DECRYPT_MODE, (RSAPrivateKey) key, RsaOaep.parameters(algorithm));
      return cipher.doFinal(ciphertext);
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  @Override
  public byte[] decryptRaw(byte[] ciphertext) {
    if (ciphertext.length != spec.bits() / 8) {
      throw new KmsException.InvalidCiphertext();
    }
    try {
      return rawRsa(ciphertext);
    } catch (GeneralSecurityException e) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  @Override
  public byte[] agree(byte[] publicKey) {
    try {
      KeyAgreement agreement =
          KeyAgreement.getInstance(spec == CmkSpec.X25519 ? "X25519" : "ECDH", "SunEC");
      agreement.init(key, random);
      agreement.doPhase(PublicKeys.jdkKey(spec, publicKey), true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException | IllegalStateException e) {
      // RFC 7748 §6.1: a point of small order makes a secret that everybody knows.
      throw new KmsException.Validation(
          "The two keys agree on no secret: the public key is of small order, or for another use.");
    }
  }

  @Override
  public void close() {
    // Nothing of ours: the key object is the JDK's.
  }
}
