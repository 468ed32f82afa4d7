// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureKeysTest {

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, RSA_2048",
    "RSA, 3072, RSA_3072",
    "EC, secp256r1, ECC_NIST_P256",
    "EC, secp384r1, ECC_NIST_P384",
    "EC, secp521r1, ECC_NIST_P521",
    "Ed25519, '', ECC_NIST_EDWARDS25519"
  })
  void kindOfAPublicKeyIsTold(String algorithm, String kind, CmkSpec spec)
      throws GeneralSecurityException {
    assertEquals(spec, SignatureKeys.specOf(publicKey(algorithm, kind)));
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024", "X25519, ''", "DSA, 2048", "Ed448, ''"})
  void otherKeysAreRefused(String algorithm, String kind) throws GeneralSecurityException {
    byte[] key = publicKey(algorithm, kind);

    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(key));
  }

  @Test
  void everyOtherEncodingOfAKeyIsRefused() throws GeneralSecurityException {
    byte[] key = publicKey("EC", "secp256r1");

    assertThrows(
        KmsException.Validation.class,
        () -> SignatureKeys.specOf(Arrays.copyOf(key, key.length + 1)));
    for (int cut = 0; cut < key.length; cut++) {
      byte[] shorter = Arrays.copyOf(key, cut);
      assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(shorter));
    }
    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(new byte[9000]));
  }

  private static byte[] publicKey(String algorithm, String kind) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (kind.startsWith("secp")) {
      generator.initialize(new ECGenParameterSpec(kind));
    } else if (!kind.isEmpty()) {
      generator.initialize(Integer.parseInt(kind));
    }
    return generator.generateKeyPair().getPublic().getEncoded();
  }
}
