// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The JDK's algorithms, each from the provider that is named: never from the first in the list. */
final class Algorithms {

  private Algorithms() {}

  static byte[] hmac(HashAlgorithm hash, byte[] key, byte[] data) {
    if (!hash.isCommon()) {
      throw new HsmException.Unsupported("There are no HMACs with " + hash.jcaName() + " here.");
    }
    String name = "Hmac" + hash.jcaName().replace("-", "");
    try {
      Mac mac = Mac.getInstance(name, "SunJCE");
      mac.init(new SecretKeySpec(key, name));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has " + name, e);
    }
  }

  /** AES key wrap with padding, RFC 5649. */
  static byte[] wrap(byte[] wrappingKey, byte[] secret) {
    try {
      return keyWrap(Cipher.ENCRYPT_MODE, wrappingKey, secret);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES/KWP/NoPadding", e);
    }
  }

  /**
   * @throws HsmException.Tampered unless {@code body} was wrapped under that key
   */
  static byte[] unwrap(byte[] wrappingKey, byte[] body) {
    if (body.length < 16 || body.length % 8 != 0) {
      throw tampered(); // SunJCE answers some of these lengths with unchecked exceptions
    }
    try {
      return keyWrap(Cipher.DECRYPT_MODE, wrappingKey, body);
    } catch (GeneralSecurityException e) {
      throw tampered();
    }
  }

  private static HsmException.Tampered tampered() {
    return new HsmException.Tampered(
        "The wrapped key was not made under this domain key, or was changed since.", null);
  }

  private static byte[] keyWrap(int mode, byte[] key, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
    cipher.init(mode, new SecretKeySpec(key, "AES"));
    return cipher.doFinal(input);
  }

  static KeyPair newSigningKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunEC has P-256", e);
    }
  }

  /** Signs a SHA-256 hash with ECDSA on P-256; returns DER. */
  static byte[] sign(byte[] pkcs8, byte[] hash) {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC", "SunEC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      Signature signature = Signature.getInstance("NONEwithECDSA", "SunEC");
      signature.initSign(key);
      signature.update(hash);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new HsmException.Untrustworthy(
          "The signing key in the file is not one. Restore the file from a backup.");
    }
  }

  /**
   * @throws HsmException.Tampered unless the two are halves of a key pair
   */
  static void requirePair(byte[] pkcs8, byte[] publicKey) {
    byte[] hash = new byte[HashAlgorithm.SHA_256.bytes()];
    try {
      Signature verifier = Signature.getInstance("NONEwithECDSA", "SunEC");
      verifier.initVerify(
          KeyFactory.getInstance("EC", "SunEC").generatePublic(new X509EncodedKeySpec(publicKey)));
      verifier.update(hash);
      if (verifier.verify(sign(pkcs8, hash))) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // Refused like a signature that does not verify.
    }
    throw new HsmException.Tampered("The public key is not that of the signing key.", null);
  }
}
