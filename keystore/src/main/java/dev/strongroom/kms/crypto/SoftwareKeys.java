// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.SoftwareKeyring;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/**
 * Makes and opens backing keys of level SOFTWARE, and data key pairs: the JDK's algorithms, and
 * Bouncy Castle's for what some JDK lacks: secp256k1, ML-DSA and ML-KEM. Thread-safe.
 */
public final class SoftwareKeys implements SoftwareKeyring {
  private final SecureRandom random;

  /**
   * Makes a keyring.
   *
   * @param random thread-safe
   */
  public SoftwareKeys(SecureRandom random) {
    this.random = random;
  }

  @Override
  public GeneratedKey generate(CmkSpec spec) {
    if (!spec.isAsymmetric()) {
      byte[] secret = new byte[spec.bits() / 8];
      random.nextBytes(secret);
      return new GeneratedKey(KeyMaterial.owning(secret), new byte[0]);
    }
    if (spec == CmkSpec.ECC_SECG_P256K1) {
      return Secp256k1.generate(random);
    }
    if (spec.type() == KeyType.ML_DSA) {
      return MlDsa.generate(spec, random);
    }
    if (spec.type() == KeyType.ML_KEM) {
      return MlKem.generate(spec, random);
    }
    KeyPair pair = generatePair(spec);
    return new GeneratedKey(
        KeyMaterial.owning(pair.getPrivate().getEncoded()), pair.getPublic().getEncoded());
  }

  private KeyPair generatePair(CmkSpec spec) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.jcaName(), provider(spec));
      generator.initialize(parameters(spec), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JDK from 17 on makes keys of spec " + spec, e);
    }
  }

  private static String provider(CmkSpec spec) {
    return spec.type() == KeyType.RSA ? "SunRsaSign" : "SunEC";
  }

  private static AlgorithmParameterSpec parameters(CmkSpec spec) {
    return switch (spec.type()) {
      case RSA -> new RSAKeyGenParameterSpec(spec.bits(), RSAKeyGenParameterSpec.F4);
      case EC -> new ECGenParameterSpec("secp" + spec.bits() + "r1");
      case EDWARDS -> NamedParameterSpec.ED25519;
      case MONTGOMERY -> NamedParameterSpec.X25519;
      case ML_DSA, ML_KEM, SYMMETRIC, HMAC ->
          throw new AssertionError("The JDK makes no pair of spec " + spec);
    };
  }

  @Override
  public GeneratedKey adopt(CmkSpec spec, KeyMaterial material) {
    try (material) {
      return material.use(bytes -> ForeignKeys.check(spec, bytes));
    }
  }

  @Override
  public OpenKey open(CmkSpec spec, KeyMaterial material) {
    if (!spec.isAsymmetric()) {
      return new SoftwareSecret(material);
    }
    try (material) {
      return switch (spec.type()) {
        case ML_DSA -> MlDsa.open(material, random);
        case ML_KEM -> MlKem.open(material);
        default ->
            spec == CmkSpec.ECC_SECG_P256K1
                ? Secp256k1.open(material, random)
                : SoftwarePrivateKey.open(spec, material, random);
      };
    }
  }
}
