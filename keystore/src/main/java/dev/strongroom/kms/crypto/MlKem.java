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
import org.bouncycastle.crypto.generators.MLKEMKeyPairGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;

/** ML-KEM (FIPS 203): opens secrets that anybody encapsulates with the public key. */
final class MlKem implements OpenKey {
  private final MLKEMPrivateKeyParameters key;

  private MlKem(MLKEMPrivateKeyParameters key) {
    this.key = key;
  }

  static GeneratedKey generate(CmkSpec spec, SecureRandom random) {
    MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
    generator.init(new MLKEMKeyGenerationParameters(random, parameters(spec)));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    MLKEMPrivateKeyParameters privateKey = (MLKEMPrivateKeyParameters) pair.getPrivate();
    return PostQuantum.encode(
        privateKey.withPreferredFormat(MLKEMPrivateKeyParameters.SEED_ONLY), pair.getPublic());
  }

  private static MLKEMParameters parameters(CmkSpec spec) {
    return switch (spec) {
      case ML_KEM_512 -> MLKEMParameters.ml_kem_512;
      case ML_KEM_768 -> MLKEMParameters.ml_kem_768;
      case ML_KEM_1024 -> MLKEMParameters.ml_kem_1024;
      default -> throw new IllegalArgumentException(spec + " is not an ML-KEM spec");
    };
  }

  /** Opens a PKCS#8 private key; {@code material} is left intact. */
  static OpenKey open(KeyMaterial material) {
    return new MlKem(PostQuantum.privateKey(material, MLKEMPrivateKeyParameters.class));
  }

  @Override
  public byte[] decapsulate(byte[] encapsulation) {
    MLKEMExtractor extractor = new MLKEMExtractor(key);
    if (encapsulation.length != extractor.getEncapsulationLength()) {
      throw new KmsException.InvalidCiphertext();
    }
    return extractor.extractSecret(encapsulation);
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    throw new KmsException.InvalidKeyUsage("A private key makes no MACs; use an HMAC key.");
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    throw new KmsException.InvalidKeyUsage("An ML-KEM key does not sign; use an ML-DSA key.");
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    throw new KmsException.InvalidKeyUsage("An ML-KEM key decapsulates; it decrypts nothing.");
  }

  @Override
  public void close() {
    // Nothing: wiping Bouncy Castle's numbers under a call that runs would make a wrong result.
  }
}
