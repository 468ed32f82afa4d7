// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.transport;

import dev.strongroom.hsm.HsmException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Transport keys where an end of the way is this JVM: RSAES-OAEP (RFC 8017 §7.1) with SHA-1, which
 * is the one hash that every token knows; what OAEP needs of its hash, SHA-1 still has (SP 800-56B
 * §7.2.2.2).
 */
public final class TransportKeys {
  private static final int RSA_BITS = 2048;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT);

  private TransportKeys() {}

  /** Returns a key pair by which this JVM receives. */
  public static KeyPair newReceiver() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
      generator.initialize(RSA_BITS);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunRsaSign has RSA", e);
    }
  }

  /**
   * Reads the public key of a receiver.
   *
   * @throws HsmException.Untrustworthy if it is no RSA key of 2048 bits or more
   */
  public static RSAPublicKey decode(byte[] receiver) {
    try {
      var key =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA", "SunRsaSign")
                  .generatePublic(new X509EncodedKeySpec(receiver));
      if (key.getModulus().bitLength() >= 2048) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // Refused like a key that is too short.
    }
    throw new HsmException.Untrustworthy("A receiver has an RSA key of 2048 bits or more.");
  }

  /** Wraps a transport key, which is left intact, for a receiver. */
  public static byte[] wrap(byte[] receiver, byte[] transportKey) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      cipher.init(Cipher.ENCRYPT_MODE, decode(receiver), OAEP);
      return cipher.doFinal(transportKey);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has OAEP", e);
    }
  }

  /**
   * Returns a transport key, which the caller zeroes.
   *
   * @throws HsmException.Tampered if it is not for this receiver
   */
  public static byte[] unwrap(PrivateKey receiver, byte[] wrapped) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      cipher.init(Cipher.DECRYPT_MODE, receiver, OAEP);
      return cipher.doFinal(wrapped);
    } catch (GeneralSecurityException e) {
      throw new HsmException.Tampered("The transport key is not for this receiver.", null);
    }
  }
}
