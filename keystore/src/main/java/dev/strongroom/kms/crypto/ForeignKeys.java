// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Keys that were made elsewhere: whether they are sound, and their plain forms. A key with a wrong
 * number in it would sign wrongly or, worse, tell its secret with a signature.
 */
final class ForeignKeys {
  private static final int PRIME_CERTAINTY = 100;

  // RFC 8410 §3
  private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

  private ForeignKeys() {}

  /**
   * Returns the key as this KMS would have made it.
   *
   * @param bytes a secret, or a PKCS#8 private key; left intact
   * @throws KmsException.Validation if it is not a sound key of that spec; says nothing of its
   *     content
   */
  static GeneratedKey check(CmkSpec spec, byte[] bytes) {
    if (!spec.isAsymmetric()) {
      if (bytes.length * 8 != spec.bits()) {
        throw unsound(spec, "it has " + bytes.length * 8 + " bits and not " + spec.bits());
      }
      return new GeneratedKey(KeyMaterial.owning(bytes.clone()), new byte[0]);
    }
    try {
      PrivateKeyInfo key = PrivateKeyInfo.getInstance(bytes);
      return switch (spec.type()) {
        case RSA -> rsa(spec, key);
        case EC -> ec(spec, key);
        case EDWARDS -> ed25519(spec, key);
        case MONTGOMERY, ML_DSA, ML_KEM ->
            throw new KmsException.Validation(
                "A key of spec "
                    + spec
                    + " cannot be brought in. Make one here with 'kms create-key'.");
        case SYMMETRIC, HMAC -> throw new AssertionError("Secrets are done with");
      };
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      // Not the cause: a parser's message may quote what it read.
      throw unsound(spec, "it is not such a private key in PKCS#8");
    }
  }

  private static GeneratedKey rsa(CmkSpec spec, PrivateKeyInfo info) throws IOException {
    RSAPrivateKey key = RSAPrivateKey.getInstance(info.parsePrivateKey());
    BigInteger one = BigInteger.ONE;
    BigInteger p = key.getPrime1();
    BigInteger q = key.getPrime2();
    BigInteger n = key.getModulus();
    BigInteger e = key.getPublicExponent();
    if (p.signum() <= 0 || q.signum() <= 0) {
      throw unsound(
          spec, "it has no primes; a key with its modulus and exponent alone is not taken");
    }
    if (n.bitLength() != spec.bits() || !p.multiply(q).equals(n) || p.equals(q)) {
      throw unsound(spec, "its modulus has another length, or is not the product of its primes");
    }
    if (!e.testBit(0) || e.bitLength() < 17 || e.bitLength() > 256) {
      throw unsound(spec, "its public exponent is even, below 65537 or above 2^256");
    }
    BigInteger d = key.getPrivateExponent();
    BigInteger p1 = p.subtract(one);
    BigInteger q1 = q.subtract(one);
    boolean fits =
        d.signum() > 0
            && d.compareTo(n) < 0
            && e.multiply(d).mod(p1).equals(one)
            && e.multiply(d).mod(q1).equals(one)
            && key.getExponent1().equals(d.mod(p1))
            && key.getExponent2().equals(d.mod(q1))
            && key.getCoefficient().multiply(q).mod(p).equals(one)
            && p.isProbablePrime(PRIME_CERTAINTY)
            && q.isProbablePrime(PRIME_CERTAINTY);
    if (!fits) {
      throw unsound(spec, "its numbers do not fit together");
    }
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    return generated(algorithm, key, new RSAKeyParameters(false, n, e));
  }

  private static GeneratedKey ec(CmkSpec spec, PrivateKeyInfo info) throws IOException {
    ECNamedDomainParameters curve = ECNamedDomainParameters.lookup(curve(spec));
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.getName());
    if (!algorithm.equals(info.getPrivateKeyAlgorithm())) {
      throw unsound(spec, "it is on another curve, or its curve is not named");
    }
    ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
    BigInteger d = key.getKey();
    if (d.signum() <= 0 || d.compareTo(curve.getN()) >= 0) {
      throw unsound(spec, "its number is not between 1 and the order of the curve");
    }
    ECPoint point = new FixedPointCombMultiplier().multiply(curve.getG(), d).normalize();
    boolean itsOwn =
        Optional.ofNullable(key.getPublicKey())
            .map(bits -> curve.getCurve().decodePoint(bits.getOctets()).equals(point))
            .orElse(true);
    if (!itsOwn) {
      throw unsound(spec, "the public key in it is that of another private key");
    }
    ECPrivateKey plain = new ECPrivateKey(curve.getN().bitLength(), d);
    return generated(algorithm, plain, new ECPublicKeyParameters(point, curve));
  }

  private static ASN1ObjectIdentifier curve(CmkSpec spec) {
    return switch (spec) {
      case ECC_NIST_P256 -> SECObjectIdentifiers.secp256r1;
      case ECC_NIST_P384 -> SECObjectIdentifiers.secp384r1;
      case ECC_NIST_P521 -> SECObjectIdentifiers.secp521r1;
      case ECC_SECG_P256K1 -> SECObjectIdentifiers.secp256k1;
      default -> throw new AssertionError(spec + " is on no such curve");
    };
  }

  private static GeneratedKey ed25519(CmkSpec spec, PrivateKeyInfo info) throws IOException {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(ED25519);
    if (!algorithm.equals(info.getPrivateKeyAlgorithm())) {
      throw unsound(spec, "it is of another algorithm");
    }
    byte[] seed = DEROctetString.getInstance(info.parsePrivateKey()).getOctets();
    if (seed.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
      throw unsound(spec, "it has not 32 bytes");
    }
    Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed);
    byte[] publicKey = key.generatePublicKey().getEncoded();
    boolean itsOwn =
        !info.hasPublicKey()
            || MessageDigest.isEqual(info.getPublicKeyData().getOctets(), publicKey);
    if (!itsOwn) {
      throw unsound(spec, "the public key in it is that of another private key");
    }
    return generated(algorithm, new DEROctetString(seed), key.generatePublicKey());
  }

  private static GeneratedKey generated(
      AlgorithmIdentifier algorithm, ASN1Encodable privateKey, AsymmetricKeyParameter publicKey)
      throws IOException {
    byte[] pkcs8 = new PrivateKeyInfo(algorithm, privateKey).getEncoded("DER");
    byte[] spki =
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey).getEncoded("DER");
    return new GeneratedKey(KeyMaterial.owning(pkcs8), spki);
  }

  private static KmsException.Validation unsound(CmkSpec spec, String why) {
    return new KmsException.Validation(
        "The key is not a sound one of spec " + spec + ": " + why + ". Make a new key instead.");
  }
}
