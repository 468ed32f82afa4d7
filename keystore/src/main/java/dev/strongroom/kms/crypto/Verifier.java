// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * Verifies signatures, strictly: exactly one encoding of a signature is taken. The JDK's own
 * verifiers take several (wrong lengths, ECDSA integers without their leading zero), and on 17
 * refuse a few right ones; therefore elliptic curves are Bouncy Castle's lightweight API here.
 */
public final class Verifier {

  private Verifier() {}

  /**
   * Returns whether the signature fits.
   *
   * @param publicKey DER SubjectPublicKeyInfo
   * @param input the hash of the message; for Ed25519 the message itself, for ML-DSA its μ
   * @param signature RSA: as long as the modulus; ECDSA: DER; Ed25519: 64 bytes; ML-DSA: as long as
   *     the spec says
   */
  public static boolean verify(
      CmkSpec spec, byte[] publicKey, SigningAlgorithm algorithm, byte[] input, byte[] signature) {
    return switch (spec.type()) {
      case RSA -> verifyRsa(spec, publicKey, algorithm, input, signature);
      case EC -> verifyEcdsa(publicKey, input, signature);
      case EDWARDS -> verifyEd25519(publicKey, input, signature);
      case ML_DSA -> MlDsa.verify(publicKey, input, signature);
      case MONTGOMERY, ML_KEM, SYMMETRIC, HMAC ->
          throw new IllegalArgumentException(spec + " has no signatures");
    };
  }

  private static boolean verifyRsa(
      CmkSpec spec, byte[] publicKey, SigningAlgorithm algorithm, byte[] digest, byte[] signature) {
    RSAPublicKey key = (RSAPublicKey) PublicKeys.jdkKey(spec, publicKey);
    int bits = key.getModulus().bitLength();
    int length = (bits + 7) / 8;
    BigInteger s = new BigInteger(1, signature);
    if (signature.length != length || s.compareTo(key.getModulus()) >= 0) {
      return false;
    }
    Hash hash = Hash.of(algorithm.hash());
    byte[] encoded = fixedLength(s.modPow(key.getPublicExponent(), key.getModulus()), length);
    if (algorithm.padding() == SigningAlgorithm.Padding.PKCS1) {
      return MessageDigest.isEqual(encoded, RsaPadding.pkcs1(hash, digest, length));
    }
    int pssLength = (bits + 6) / 8;
    if (pssLength < length && encoded[0] != 0) {
      return false;
    }
    byte[] pss = Arrays.copyOfRange(encoded, length - pssLength, length);
    return RsaPadding.isPss(hash, digest, pss, bits);
  }

  private static byte[] fixedLength(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[length];
    int from = Math.max(0, bytes.length - length);
    System.arraycopy(bytes, from, fixed, length - (bytes.length - from), bytes.length - from);
    return fixed;
  }

  private static boolean verifyEcdsa(byte[] publicKey, byte[] digest, byte[] signature) {
    ECPublicKeyParameters key = (ECPublicKeyParameters) parse(publicKey);
    ECDomainParameters curve = key.getParameters();
    try {
      if (!(ASN1Primitive.fromByteArray(signature) instanceof ASN1Sequence sequence)
          || sequence.size() != 2
          || !(sequence.getObjectAt(0) instanceof ASN1Integer r)
          || !(sequence.getObjectAt(1) instanceof ASN1Integer s)) {
        return false;
      }
      // Encoding again refuses integers outside 1 to n - 1, and shows every other encoding.
      byte[] again = StandardDSAEncoding.INSTANCE.encode(curve.getN(), r.getValue(), s.getValue());
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, key);
      return MessageDigest.isEqual(again, signature)
          && verifier.verifySignature(digest, r.getValue(), s.getValue());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return false; // Not ASN.1, or not such integers.
    }
  }

  private static boolean verifyEd25519(byte[] publicKey, byte[] message, byte[] signature) {
    if (signature.length != Ed25519PublicKeyParameters.KEY_SIZE * 2) {
      return false;
    }
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, (Ed25519PublicKeyParameters) parse(publicKey));
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  private static AsymmetricKeyParameter parse(byte[] publicKey) {
    try {
      return PublicKeyFactory.createKey(publicKey);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a DER SubjectPublicKeyInfo", e);
    }
  }
}
