// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.vectors.Wycheproof.Vector;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.crypto.Digests;
import dev.strongroom.kms.crypto.RsaPkcs1;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.crypto.Verifier;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What KMS Verify, Decrypt, Sign and GenerateMac do with the published vectors of their algorithms:
 * every invalid one is refused, every valid one taken. "Acceptable" ones are encodings that a
 * strict verifier refuses, and ours does.
 */
class WycheproofTest {
  private final SoftwareKeys keys = new SoftwareKeys(new SecureRandom());

  @ParameterizedTest
  @CsvSource({
    "ecdsa_secp256r1_sha256_test, ECC_NIST_P256, ECDSA_SHA_256",
    "ecdsa_secp256r1_sha512_test, ECC_NIST_P256, ECDSA_SHA_512",
    "ecdsa_secp384r1_sha384_test, ECC_NIST_P384, ECDSA_SHA_384",
    "ed25519_test, ECC_NIST_EDWARDS25519, ED25519_SHA_512",
    "rsa_signature_2048_sha256_test, RSA_2048, RSASSA_PKCS1_V1_5_SHA_256",
    "rsa_signature_2048_sha512_test, RSA_2048, RSASSA_PKCS1_V1_5_SHA_512",
    "rsa_signature_3072_sha256_test, RSA_3072, RSASSA_PKCS1_V1_5_SHA_256",
    "rsa_pss_2048_sha256_mgf1_32_test, RSA_2048, RSASSA_PSS_SHA_256",
    "rsa_pss_3072_sha256_mgf1_32_test, RSA_3072, RSASSA_PSS_SHA_256",
  })
  void signaturesAreVerifiedAsPublished(String file, CmkSpec spec, SigningAlgorithm algorithm) {
    List<Vector> vectors = Wycheproof.load(file);

    for (Vector vector : vectors) {
      boolean expected = vector.result().equals("valid");
      byte[] input = input(algorithm, vector.bytes("msg"));
      byte[] publicKey = vector.bytes("publicKeyDer");
      assertEquals(
          expected,
          Verifier.verify(spec, publicKey, algorithm, input, vector.bytes("sig")),
          vector.name());
    }
    assertTrue(vectors.size() > 50, "a file was read");
  }

  private static byte[] input(SigningAlgorithm algorithm, byte[] message) {
    return algorithm.hash().isEmpty() ? message : Digests.digest(algorithm.hash(), message);
  }

  @Test
  void pssVectorsWithASaltAsLongAsTheHashAreTaken() {
    int taken = 0;
    for (Vector vector : Wycheproof.load("rsa_pss_misc_test")) {
      Optional<SigningAlgorithm> algorithm = pss(vector);
      if (algorithm.isPresent()) {
        byte[] digest = Digests.digest(algorithm.get().hash(), vector.bytes("msg"));
        assertTrue(
            Verifier.verify(
                CmkSpec.RSA_2048,
                vector.bytes("publicKeyDer"),
                algorithm.get(),
                digest,
                vector.bytes("sig")),
            vector.name());
        taken++;
      }
    }
    assertTrue(taken > 0, "some vectors fit");
  }

  /** Returns our algorithm for the vector's parameters: MGF1 over the same hash, salt as long. */
  private static Optional<SigningAlgorithm> pss(Vector vector) {
    return Stream.of(SigningAlgorithm.values())
        .filter(algorithm -> algorithm.padding() == SigningAlgorithm.Padding.PSS)
        .filter(algorithm -> algorithm.hash().equals(vector.text("sha")))
        .filter(algorithm -> algorithm.hash().equals(vector.text("mgfSha")))
        .filter(algorithm -> Digests.length(algorithm.hash()) == vector.number("sLen"))
        .findFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsa_oaep_2048_sha1_mgf1sha1_test",
        "rsa_oaep_2048_sha256_mgf1sha256_test",
        "rsa_oaep_misc_test"
      })
  void oaepCiphertextsAreDecryptedAsPublished(String file) {
    int tried = 0;
    for (Vector vector : Wycheproof.load(file)) {
      Optional<EncryptionAlgorithm> algorithm = oaep(vector);
      if (algorithm.isEmpty() || vector.bytes("label").length != 0) {
        continue; // KMS has no labels.
      }
      OpenKey key =
          keys.open(CmkSpec.RSA_2048, KeyMaterial.owning(vector.bytes("privateKeyPkcs8")));
      byte[] ciphertext = vector.bytes("ct");
      if (vector.result().equals("invalid")) {
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> key.decrypt(algorithm.get(), ciphertext),
            vector.name());
      } else {
        assertArrayEquals(
            vector.bytes("msg"), key.decrypt(algorithm.get(), ciphertext), vector.name());
      }
      tried++;
    }
    assertTrue(tried > 10, "some vectors fit");
  }

  @Test
  void pkcs1CiphertextsAreDecryptedAsPublishedAndWrongPaddingIsNotTold() throws Exception {
    int untold = 0;
    for (Vector vector : Wycheproof.load("rsa_pkcs1_2048_test")) {
      OpenKey key =
          keys.open(CmkSpec.RSA_2048, KeyMaterial.owning(vector.bytes("privateKeyPkcs8")));
      byte[] ciphertext = vector.bytes("ct");
      if (vector.result().equals("valid")) {
        assertArrayEquals(
            vector.bytes("msg"),
            RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, ciphertext),
            vector.name());
      } else if (ciphertext.length == 256
          && new BigInteger(1, ciphertext).compareTo(modulus(vector)) < 0) {
        assertArrayEquals(
            RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, ciphertext),
            RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, ciphertext),
            vector.name());
        untold++;
      } else {
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, ciphertext),
            vector.name());
      }
    }
    assertTrue(untold > 10, "wrong paddings were tried");
  }

  private static BigInteger modulus(Vector vector) throws GeneralSecurityException {
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(vector.bytes("privateKeyPkcs8"));
    return ((RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(encoded)).getModulus();
  }

  private static Optional<EncryptionAlgorithm> oaep(Vector vector) {
    return Stream.of(EncryptionAlgorithm.values())
        .filter(algorithm -> algorithm.hash().equals(vector.text("sha")))
        .filter(algorithm -> algorithm.mgfHash().equals(vector.text("mgfSha")))
        .findFirst();
  }

  @ParameterizedTest
  @CsvSource({"hmac_sha256_test, HMAC_256, SHA-256", "hmac_sha384_test, HMAC_384, SHA-384"})
  void macsAreAsPublished(String file, CmkSpec spec, String hash) {
    for (Vector vector : Wycheproof.load(file)) {
      OpenKey key = keys.open(spec, KeyMaterial.owning(vector.bytes("key")));
      byte[] tag = vector.bytes("tag");
      byte[] found = Arrays.copyOf(key.hmac(hash, vector.bytes("msg")), tag.length);
      if (vector.result().equals("valid")) {
        assertArrayEquals(tag, found, vector.name());
      } else {
        assertNotEquals(Arrays.toString(tag), Arrays.toString(found), vector.name());
      }
    }
  }

  @Test
  void rsaSignaturesAreMadeAsPublished() {
    int made = 0;
    for (Vector vector : Wycheproof.load("rsa_pkcs1_2048_sig_gen_test")) {
      Optional<SigningAlgorithm> algorithm =
          Stream.of(SigningAlgorithm.values())
              .filter(a -> a.padding() == SigningAlgorithm.Padding.PKCS1)
              .filter(a -> a.hash().equals(vector.text("sha")))
              .findFirst();
      if (algorithm.isPresent()) {
        OpenKey key =
            keys.open(CmkSpec.RSA_2048, KeyMaterial.owning(vector.bytes("privateKeyPkcs8")));
        byte[] digest = Digests.digest(algorithm.get().hash(), vector.bytes("msg"));
        assertArrayEquals(vector.bytes("sig"), key.sign(algorithm.get(), digest), vector.name());
        made++;
      }
    }
    assertTrue(made > 5, "some vectors fit");
  }
}
