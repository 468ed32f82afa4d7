// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.generators.MLDSAKeyPairGenerator;
import org.bouncycastle.crypto.params.MLDSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;

/**
 * ML-DSA (FIPS 204), pure, hedged, with an empty context: signs μ, the 64 bytes that stand for a
 * message under one public key, so that a message of any length can be hashed elsewhere.
 */
public final class MlDsa implements OpenKey {
  /** The length of μ. */
  public static final int MU_BYTES = 64;

  private final MLDSAPrivateKeyParameters key;
  private final SecureRandom random;

  private MlDsa(MLDSAPrivateKeyParameters key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  static GeneratedKey generate(CmkSpec spec, SecureRandom random) {
    MLDSAKeyPairGenerator generator = new MLDSAKeyPairGenerator();
    generator.init(new MLDSAKeyGenerationParameters(random, parameters(spec)));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    MLDSAPrivateKeyParameters privateKey = (MLDSAPrivateKeyParameters) pair.getPrivate();
    return PostQuantum.encode(
        privateKey.withPreferredFormat(MLDSAPrivateKeyParameters.SEED_ONLY), pair.getPublic());
  }

  private static MLDSAParameters parameters(CmkSpec spec) {
    return switch (spec) {
      case ML_DSA_44 -> MLDSAParameters.ml_dsa_44;
      case ML_DSA_65 -> MLDSAParameters.ml_dsa_65;
      case ML_DSA_87 -> MLDSAParameters.ml_dsa_87;
      default -> throw new IllegalArgumentException(spec + " is not an ML-DSA spec");
    };
  }

  /** Opens a PKCS#8 private key; {@code material} is left intact. */
  static OpenKey open(KeyMaterial material, SecureRandom random) {
    return new MlDsa(PostQuantum.privateKey(material, MLDSAPrivateKeyParameters.class), random);
  }

  /**
   * Returns μ of a message (FIPS 204 §5.2 and §6.2, with an empty context).
   *
   * @param publicKey DER SubjectPublicKeyInfo
   */
  public static byte[] mu(byte[] publicKey, byte[] message) {
    MLDSASigner hasher = new MLDSASigner();
    hasher.init(false, PostQuantum.publicKey(publicKey, MLDSAPublicKeyParameters.class));
    hasher.update(message, 0, message.length);
    try {
      return hasher.generateMu();
    } catch (CryptoException e) {
      throw new AssertionError("Hashing does not fail", e);
    }
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] mu) {
    if (algorithm != SigningAlgorithm.ML_DSA_SHAKE_256) {
      throw new KmsException.InvalidKeyUsage("An ML-DSA key does not sign with " + algorithm + ".");
    }
    MLDSASigner signer = new MLDSASigner();
    signer.init(true, new ParametersWithRandom(key, random));
    try {
      return signer.generateMuSignature(mu);
    } catch (CryptoException e) {
      throw new AssertionError("Signing 64 bytes does not fail", e);
    }
  }

  static boolean verify(byte[] publicKey, byte[] mu, byte[] signature) {
    MLDSASigner verifier = new MLDSASigner();
    verifier.init(false, PostQuantum.publicKey(publicKey, MLDSAPublicKeyParameters.class));
    return verifier.verifyMuSignature(mu, signature);
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    throw new KmsException.InvalidKeyUsage("A private key makes no MACs; use an HMAC key.");
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    throw new KmsException.InvalidKeyUsage("An ML-DSA key decrypts nothing; use RSA.");
  }

  @Override
  public void close() {
    // Nothing: wiping Bouncy Castle's numbers under a call that runs would make a wrong result.
  }
}
