// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.util.BigIntegers;

/** Keys on the curve that the JDK dropped in version 16, by Bouncy Castle's lightweight API. */
final class Secp256k1 implements OpenKey {
  private static final ECNamedDomainParameters CURVE =
      ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256k1);

  private final ECPrivateKeyParameters key;
  private final SecureRandom random;

  private Secp256k1(ECPrivateKeyParameters key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  static GeneratedKey generate(SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(CURVE, random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    try {
      return new GeneratedKey(
          KeyMaterial.owning(
              PrivateKeyInfoFactory.createPrivateKeyInfo(pair.getPrivate()).getEncoded("DER")),
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic())
              .getEncoded("DER"));
    } catch (IOException e) {
      throw new AssertionError("Encoding to memory does no I/O", e);
    }
  }

  /** Opens a PKCS#8 private key; {@code material} is left intact. */
  static OpenKey open(KeyMaterial material, SecureRandom random) {
    return material.use(
        bytes -> {
          try {
            return new Secp256k1(
                (ECPrivateKeyParameters) PrivateKeyFactory.createKey(bytes), random);
          } catch (IOException e) {
            throw new KmsException.StoreTampered(
                "A private key of spec ECC_SECG_P256K1 cannot be read. Restore the store from a"
                    + " backup.");
          }
        });
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    if (!algorithm.fits(CmkSpec.ECC_SECG_P256K1)) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec ECC_SECG_P256K1 does not sign with " + algorithm + ".");
    }
    ECDSASigner signer = new ECDSASigner();
    signer.init(true, new ParametersWithRandom(key, random));
    BigInteger[] rs = signer.generateSignature(input);
    try {
      return StandardDSAEncoding.INSTANCE.encode(CURVE.getN(), rs[0], rs[1]);
    } catch (IOException e) {
      throw new AssertionError("Encoding to memory does no I/O", e);
    }
  }

  @Override
  public byte[] agree(byte[] publicKey) {
    try {
      ECDHBasicAgreement agreement = new ECDHBasicAgreement();
      agreement.init(key);
      BigInteger x = agreement.calculateAgreement(PublicKeyFactory.createKey(publicKey));
      return BigIntegers.asUnsignedByteArray(agreement.getFieldSize(), x);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a DER SubjectPublicKeyInfo", e);
    }
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    throw new KmsException.InvalidKeyUsage("A private key makes no MACs; use an HMAC key.");
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    throw new KmsException.InvalidKeyUsage(
        "A key of spec ECC_SECG_P256K1 decrypts nothing; use RSA.");
  }

  @Override
  public void close() {
    // Nothing of ours: the key object is Bouncy Castle's, which cannot be wiped.
  }
}
