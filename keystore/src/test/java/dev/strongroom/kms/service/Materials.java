// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.CmkSpec;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** Key material as other software makes it. */
final class Materials {
  private Materials() {}

  /** Returns a random secret, or a private key in PKCS#8. */
  static byte[] of(CmkSpec spec) {
    if (spec.isAsymmetric()) {
      return pair(spec).getPrivate().getEncoded();
    }
    byte[] secret = new byte[spec.bits() / 8];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  static KeyPair pair(CmkSpec spec) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(spec.jcaName());
      switch (spec.type()) {
        case RSA -> generator.initialize(spec.bits());
        case EC -> generator.initialize(new ECGenParameterSpec("secp" + spec.bits() + "r1"));
        default -> {}
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
