// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.jca.Handshake;
import dev.strongroom.conformance.jca.Identity;
import dev.strongroom.jca.StrongroomProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** What a program does with keys of its own, through the JDK, without naming a provider. */
final class OrdinaryKeys {
  private static final byte[] MESSAGE = {1, 2, 3};

  private final KeyPair rsa = pair("RSA", 2048);
  private final KeyPair ec = pair("EC", 256);

  OrdinaryKeys() throws GeneralSecurityException {}

  private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /** Signs, decrypts, encrypts, makes keys and random bytes, and shakes hands in TLS. */
  void assertWork() throws Exception {
    signs("SHA256withRSA", rsa);
    signs("SHA256withECDSA", ec);
    decrypts("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    SecretKey secret = KeyGenerator.getInstance("AES").generateKey();
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(Cipher.ENCRYPT_MODE, secret);
    assertEquals(MESSAGE.length + 16, gcm.doFinal(MESSAGE).length);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(secret);
    assertEquals(32, mac.doFinal(MESSAGE).length);
    pair("EC", 256);
    new SecureRandom().nextBytes(new byte[8]);
    Identity own = new Identity(ec.getPublic(), ec.getPrivate());
    assertEquals("TLSv1.3 ok, 1 client certificate", Handshake.shake("TLSv1.3", own));
  }

  private static void signs(String algorithm, KeyPair pair) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(MESSAGE);
    byte[] bytes = signature.sign();
    assertFalse(signature.getProvider() instanceof StrongroomProvider);
    signature.initVerify(pair.getPublic());
    signature.update(MESSAGE);
    assertTrue(signature.verify(bytes));
  }

  private void decrypts(String algorithm) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, rsa.getPublic());
    byte[] ciphertext = cipher.doFinal(MESSAGE);
    cipher.init(Cipher.DECRYPT_MODE, rsa.getPrivate());
    assertArrayEquals(MESSAGE, cipher.doFinal(ciphertext));
  }
}
