// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Other people's implementations, as objects that are not registered: the second opinion. */
final class Peers {
  private static final Provider BC = new BouncyCastleProvider();

  private Peers() {}

  static HashAlgorithm hashFor(BackingKeySpec secret) {
    return switch (secret.bits()) {
      case 224 -> HashAlgorithm.SHA_224;
      case 256 -> HashAlgorithm.SHA_256;
      case 384 -> HashAlgorithm.SHA_384;
      default -> HashAlgorithm.SHA_512;
    };
  }

  static byte[] digest(HashAlgorithm hash, byte[] message) throws GeneralSecurityException {
    return MessageDigest.getInstance(hash.jcaName()).digest(message);
  }

  static boolean verifiesEcdsa(byte[] publicKey, byte[] hash, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("NONEwithECDSA", BC);
    verifier.initVerify(decode("EC", publicKey));
    verifier.update(hash);
    return verifier.verify(signature);
  }

  static boolean verifiesPkcs1(
      HashAlgorithm hash, byte[] publicKey, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    String name = hash.jcaName().replace("SHA-", "SHA") + "withRSA";
    Signature verifier = Signature.getInstance(name, "SunRsaSign");
    verifier.initVerify(decode("RSA", publicKey));
    verifier.update(message);
    return verifier.verify(signature);
  }

  static boolean verifiesPss(HashAlgorithm hash, byte[] publicKey, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
    verifier.setParameter(
        new PSSParameterSpec(
            hash.jcaName(), "MGF1", new MGF1ParameterSpec(hash.jcaName()), hash.bytes(), 1));
    verifier.initVerify(decode("RSA", publicKey));
    verifier.update(message);
    return verifier.verify(signature);
  }

  static byte[] encryptOaep(
      HashAlgorithm hash, HashAlgorithm mgfHash, byte[] publicKey, byte[] message)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        decode("RSA", publicKey),
        new OAEPParameterSpec(
            hash.jcaName(),
            "MGF1",
            new MGF1ParameterSpec(mgfHash.jcaName()),
            PSource.PSpecified.DEFAULT));
    return cipher.doFinal(message);
  }

  /** Does the bare public operation of RSA. */
  static byte[] encryptRaw(byte[] publicKey, byte[] padded) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", "SunJCE");
    cipher.init(Cipher.ENCRYPT_MODE, decode("RSA", publicKey));
    return cipher.doFinal(padded);
  }

  /** What the other side of an agreement has: its public point and the secret. */
  @SuppressWarnings("ArrayRecordComponent") // looked at and never compared
  record Agreement(byte[] point, byte[] secret) {}

  /** Makes a key on the curve of {@code publicKey} and agrees with it. */
  static Agreement agree(byte[] publicKey) throws GeneralSecurityException {
    ECPublicKey theirs = (ECPublicKey) decode("EC", publicKey);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
    generator.initialize(theirs.getParams());
    KeyPair pair = generator.generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", BC);
    agreement.init(pair.getPrivate());
    agreement.doPhase(theirs, true);
    byte[] spki = pair.getPublic().getEncoded();
    int pointBytes = 1 + 2 * ((theirs.getParams().getCurve().getField().getFieldSize() + 7) / 8);
    byte[] point = Arrays.copyOfRange(spki, spki.length - pointBytes, spki.length);
    return new Agreement(point, agreement.generateSecret());
  }

  private static PublicKey decode(String algorithm, byte[] publicKey)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm, BC).generatePublic(new X509EncodedKeySpec(publicKey));
  }
}
