// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.keystore.KmsKeyStoreSpi;
import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.keystore.KmsXecPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.SigningAlgorithm.Padding;
import java.security.spec.PSSParameterSpec;

/** Makes SPI objects. Nothing here is loaded before somebody asks for one. */
final class SpiMaker {
  private SpiMaker() {}

  /**
   * @param algorithm the service's name
   * @param hash of an algorithm that has one, as {@link Services} spells it; else empty
   */
  static Object make(ServiceSpi spi, String algorithm, String hash, Connection connection) {
    return switch (spi) {
      case KEY_STORE -> new KmsKeyStoreSpi(connection);
      case RANDOM -> new KmsRandomSpi(connection);
      case DATA_KEY -> new KmsDataKeyGeneratorSpi(connection);
      case DATA_KEY_PAIR -> new KmsDataKeyPairGeneratorSpi(connection);
      case CMK_PAIR -> new KmsKeyPairGeneratorSpi(algorithm, usual(algorithm), connection);
      case CIPHER -> new KmsCipherSpi();
      case ENVELOPE -> new KmsEnvelopeCipherSpi();
      case AES -> new KmsAesCipherSpi(algorithm);
      case MAC -> new KmsMacSpi(algorithm, MacAlgorithm.valueOf("HMAC_SHA_".concat(hash)));
      case OAEP -> new KmsOaepCipherSpi(algorithm, hash);
      case PKCS1_CIPHER -> new KmsPkcs1CipherSpi(algorithm);
      case PKCS1 -> pkcs1(algorithm, hash);
      case PSS -> new KmsPssSignatureSpi(algorithm, hash.isEmpty() ? null : parameters(hash));
      case RAW_RSA -> new KmsRawRsaSignatureSpi(algorithm);
      case RAW_PSS -> new KmsRawPssSignatureSpi(algorithm);
      case ECDSA -> ecdsa(algorithm, hash, EcdsaEncoding.AS_IS);
      case ECDSA_P1363 -> ecdsa(algorithm, hash, EcdsaEncoding.P1363);
      case RAW_ECDSA -> new KmsRawEcdsaSignatureSpi(algorithm, EcdsaEncoding.AS_IS);
      case RAW_ECDSA_P1363 -> new KmsRawEcdsaSignatureSpi(algorithm, EcdsaEncoding.P1363);
      case EDDSA -> new KmsEdDsaSignatureSpi(algorithm);
      case ECDH ->
          new KmsKeyAgreementSpi<>(algorithm, KmsEcPrivateKey.class, KeyAgreementAlgorithm.ECDH);
      case XDH ->
          new KmsKeyAgreementSpi<>(algorithm, KmsXecPrivateKey.class, KeyAgreementAlgorithm.X25519);
      case ML_DSA -> new KmsMlDsaSignatureSpi(algorithm);
      case ML_KEM -> KemSpis.of(new KmsKem(algorithm));
    };
  }

  /** What is made unless the caller chooses another of its kind. */
  private static CmkSpec usual(String algorithm) {
    return switch (algorithm) {
      case "KmsRSA" -> CmkSpec.RSA_3072;
      case "KmsEC" -> CmkSpec.ECC_NIST_P256;
      case "KmsEd25519" -> CmkSpec.ECC_NIST_EDWARDS25519;
      case "KmsX25519" -> CmkSpec.X25519;
      case "KmsML-DSA" -> CmkSpec.ML_DSA_65;
      case "KmsML-KEM" -> CmkSpec.ML_KEM_768;
      default -> throw new AssertionError("no generator: " + algorithm);
    };
  }

  private static Object pkcs1(String algorithm, String hash) {
    return new KmsHashSignatureSpi<>(
        algorithm,
        KmsRsaPrivateKey.class,
        signing(KeyType.RSA, Padding.PKCS1, hash),
        EcdsaEncoding.AS_IS);
  }

  private static Object ecdsa(String algorithm, String hash, EcdsaEncoding encoding) {
    return new KmsHashSignatureSpi<>(
        algorithm, KmsEcPrivateKey.class, signing(KeyType.EC, Padding.NONE, hash), encoding);
  }

  private static SigningAlgorithm signing(KeyType type, Padding padding, String hash) {
    return SigningAlgorithm.find(type, padding, Hashes.standardName(hash)).orElseThrow();
  }

  private static PSSParameterSpec parameters(String hash) {
    return PssParameters.of(Hashes.standardName(hash));
  }
}
