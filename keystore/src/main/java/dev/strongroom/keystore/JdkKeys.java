// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.io.IOException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jcajce.provider.asymmetric.ec.KeyFactorySpi;

/**
 * Reads encoded keys into the JDK's own classes, by providers that are named, so that no other
 * provider takes part. Keys on secp256k1, which the JDK lacks, become Bouncy Castle's classes; its
 * key factory is used as it is, without a provider.
 */
public final class JdkKeys {
  private JdkKeys() {}

  /**
   * Reads a public key.
   *
   * @param algorithm {@code RSA}, {@code EC}, {@code EdDSA} (also {@code Ed25519}), {@code XDH},
   *     {@code ML-DSA} or {@code ML-KEM}
   * @param spki DER SubjectPublicKeyInfo; left intact
   * @throws IllegalArgumentException if it is not such a key
   */
  public static PublicKey publicKey(String algorithm, byte[] spki) {
    if (algorithm.startsWith("ML-")) {
      return PostQuantumKeys.publicKey(algorithm, spki);
    }
    try {
      if (algorithm.equals("EC") && isSecp256k1(SubjectPublicKeyInfo.getInstance(spki))) {
        return new KeyFactorySpi.EC().generatePublic(SubjectPublicKeyInfo.getInstance(spki));
      }
      return factory(algorithm).generatePublic(new X509EncodedKeySpec(spki));
    } catch (InvalidKeySpecException | IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Not a DER SubjectPublicKeyInfo of a key of type " + algorithm, e);
    }
  }

  /**
   * Reads a private key.
   *
   * @param algorithm as above
   * @param pkcs8 DER PKCS#8; left intact
   * @throws IllegalArgumentException if it is not such a key; says nothing about its content
   */
  public static PrivateKey privateKey(String algorithm, byte[] pkcs8) {
    try {
      if (algorithm.equals("EC") && isSecp256k1(PrivateKeyInfo.getInstance(pkcs8))) {
        return new KeyFactorySpi.EC().generatePrivate(PrivateKeyInfo.getInstance(pkcs8));
      }
      return factory(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException | IOException | IllegalArgumentException e) {
      // Not the cause: a parser's message may quote what it read.
      throw new IllegalArgumentException("Not a DER PKCS#8 private key of type " + algorithm);
    }
  }

  private static KeyFactory factory(String algorithm) {
    String provider = algorithm.equals("RSA") ? "SunRsaSign" : "SunEC";
    try {
      return KeyFactory.getInstance(algorithm, provider);
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new IllegalStateException(
          "This JVM has no provider "
              + provider
              + " for keys of type "
              + algorithm
              + ". Put it back into the list of java.security.",
          e);
    }
  }

  private static boolean isSecp256k1(SubjectPublicKeyInfo key) {
    return isSecp256k1(key.getAlgorithm());
  }

  private static boolean isSecp256k1(PrivateKeyInfo key) {
    return isSecp256k1(key.getPrivateKeyAlgorithm());
  }

  private static boolean isSecp256k1(AlgorithmIdentifier algorithm) {
    return algorithm.getParameters() instanceof ASN1ObjectIdentifier curve
        && curve.equals(SECObjectIdentifiers.secp256k1);
  }
}
