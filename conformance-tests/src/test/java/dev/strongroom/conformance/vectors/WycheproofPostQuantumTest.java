// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.vectors.Wycheproof.Vector;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.crypto.MlDsa;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.crypto.Verifier;
import dev.strongroom.kms.key.KeyMaterial;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What KMS Verify with ML-DSA and KMS Decapsulate do with the published vectors. */
class WycheproofPostQuantumTest {

  @ParameterizedTest
  @CsvSource({"mldsa_44_verify_test, ML_DSA_44", "mldsa_65_verify_test, ML_DSA_65"})
  void signaturesAreVerifiedAsPublished(String file, CmkSpec spec) {
    int tried = 0;
    for (Vector vector : Wycheproof.load(file)) {
      if (vector.bytesOrEmpty("ctx").length == 0) { // KMS keys sign with an empty context.
        assertEquals(vector.result().equals("valid"), verifies(spec, vector), vector.name());
        tried++;
      }
    }
    assertTrue(tried > 50, "a file was read");
  }

  private static boolean verifies(CmkSpec spec, Vector vector) {
    try {
      byte[] publicKey = vector.bytes("publicKeyDer");
      byte[] mu = MlDsa.mu(publicKey, vector.bytes("msg"));
      return Verifier.verify(
          spec, publicKey, SigningAlgorithm.ML_DSA_SHAKE_256, mu, vector.bytes("sig"));
    } catch (IllegalArgumentException notAKey) {
      return false;
    }
  }

  @Test
  void secretsAreDecapsulatedAsPublished() {
    SoftwareKeys keys = new SoftwareKeys(new SecureRandom());
    List<Vector> vectors = Wycheproof.load("mlkem_768_test");
    for (Vector vector : vectors) {
      if (vector.bytes("seed").length == 64) {
        byte[] pkcs8 =
            hex("3054020100300b06096086480165030404020442" + "8040" + vector.text("seed"));
        try {
          byte[] secret =
              keys.open(CmkSpec.ML_KEM_768, KeyMaterial.owning(pkcs8))
                  .decapsulate(vector.bytes("c"));
          assertNotEquals("invalid", vector.result(), vector.name());
          assertArrayEquals(vector.bytes("K"), secret, vector.name());
        } catch (KmsException.InvalidCiphertext e) {
          assertEquals("invalid", vector.result(), vector.name());
        }
      }
    }
    assertTrue(vectors.size() > 10, "a file was read");
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
