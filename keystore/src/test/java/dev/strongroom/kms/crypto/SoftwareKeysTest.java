// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backing keys of level SOFTWARE against our own strict verifier and against the JDK. */
class SoftwareKeysTest {
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

  private final SoftwareKeys keys = new SoftwareKeys(new SecureRandom());

  @ParameterizedTest
  @EnumSource(
      value = CmkSpec.class,
      names = {
        "RSA_2048",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "ECC_NIST_EDWARDS25519"
      })
  void everySignatureOfAKeyVerifies(CmkSpec spec) {
    GeneratedKey generated = keys.generate(spec);
    byte[] publicKey = generated.publicKey();
    OpenKey key = keys.open(spec, generated.material());

    for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
      if (algorithm.fits(spec)) {
        byte[] input = input(algorithm);
        byte[] signature = key.sign(algorithm, input);
        byte[] other = input.clone();
        other[0] ^= 1;
        assertTrue(Verifier.verify(spec, publicKey, algorithm, input, signature), algorithm.name());
        assertFalse(Verifier.verify(spec, publicKey, algorithm, other, signature));
      }
    }
  }

  private static byte[] input(SigningAlgorithm algorithm) {
    return algorithm.hash().isEmpty() ? MESSAGE : Digests.digest(algorithm.hash(), MESSAGE);
  }

  @ParameterizedTest
  @EnumSource(
      value = SigningAlgorithm.class,
      names = {"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_512"})
  void theJdkVerifiesOurRsaSignatures(SigningAlgorithm algorithm) throws Exception {
    GeneratedKey generated = keys.generate(CmkSpec.RSA_2048);
    PublicKey publicKey = PublicKeys.jdkKey(CmkSpec.RSA_2048, generated.publicKey());
    OpenKey key = keys.open(CmkSpec.RSA_2048, generated.material());

    byte[] signature = key.sign(algorithm, input(algorithm));

    Signature verifier = jdkVerifier(algorithm);
    verifier.initVerify(publicKey);
    verifier.update(MESSAGE);
    assertTrue(verifier.verify(signature));
  }

  private static Signature jdkVerifier(SigningAlgorithm algorithm) throws Exception {
    if (algorithm.padding() == SigningAlgorithm.Padding.PKCS1) {
      return Signature.getInstance("SHA256withRSA", "SunRsaSign");
    }
    Signature pss = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
    pss.setParameter(
        new PSSParameterSpec(
            algorithm.hash(),
            "MGF1",
            new MGF1ParameterSpec(algorithm.hash()),
            Digests.length(algorithm.hash()),
            1));
    return pss;
  }

  @Test
  void rsaOaepDecryptsWhatItEncrypted() {
    GeneratedKey generated = keys.generate(CmkSpec.RSA_2048);
    OpenKey key = keys.open(CmkSpec.RSA_2048, generated.material());

    for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
      if (algorithm.isOaep()) {
        byte[] ciphertext =
            RsaOaep.encrypt(
                CmkSpec.RSA_2048, generated.publicKey(), algorithm, MESSAGE, new SecureRandom());
        assertArrayEquals(MESSAGE, key.decrypt(algorithm, ciphertext), algorithm.name());
        byte[] changed = ciphertext.clone();
        changed[20] ^= 1;
        assertThrows(KmsException.InvalidCiphertext.class, () -> key.decrypt(algorithm, changed));
      }
    }
  }

  @Test
  void signaturesWithAnotherEncodingAreRefused() {
    GeneratedKey generated = keys.generate(CmkSpec.ECC_NIST_P256);
    OpenKey key = keys.open(CmkSpec.ECC_NIST_P256, generated.material());
    byte[] digest = Digests.digest("SHA-256", MESSAGE);
    byte[] signature = key.sign(SigningAlgorithm.ECDSA_SHA_256, digest);

    byte[] longer = Arrays.copyOf(signature, signature.length + 1);
    byte[] padded = withLeadingZero(signature);

    assertFalse(verifyP256(generated, digest, longer));
    assertFalse(verifyP256(generated, digest, padded));
    assertTrue(verifyP256(generated, digest, signature));
  }

  private static boolean verifyP256(GeneratedKey key, byte[] digest, byte[] signature) {
    return Verifier.verify(
        CmkSpec.ECC_NIST_P256, key.publicKey(), SigningAlgorithm.ECDSA_SHA_256, digest, signature);
  }

  /** Puts a needless zero before r: BER, not DER. */
  private static byte[] withLeadingZero(byte[] der) {
    byte[] out = new byte[der.length + 1];
    out[0] = der[0];
    out[1] = (byte) (der[1] + 1);
    out[2] = der[2];
    out[3] = (byte) (der[3] + 1);
    System.arraycopy(der, 4, out, 5, der.length - 4);
    return out;
  }

  @Test
  void hmacsAreTheJdks() throws Exception {
    byte[] secret = new byte[32];
    OpenKey key =
        keys.open(CmkSpec.HMAC_256, dev.strongroom.kms.key.KeyMaterial.owning(secret.clone()));
    javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256", "SunJCE");
    mac.init(new javax.crypto.spec.SecretKeySpec(secret, "HmacSHA256"));

    assertArrayEquals(mac.doFinal(MESSAGE), key.hmac("SHA-256", MESSAGE));
    assertEquals(32, key.hmac("SHA-256", MESSAGE).length);
  }
}
