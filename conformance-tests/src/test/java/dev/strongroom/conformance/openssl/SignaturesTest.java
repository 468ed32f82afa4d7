// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.openssl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
  private static final byte[] MESSAGE = "Größe µ".repeat(100).getBytes(StandardCharsets.UTF_8);

  private final OpenSsl openssl;

  SignaturesTest(@TempDir Path folder) {
    this.openssl = new OpenSsl(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHA1",
        "SHA224",
        "SHA256",
        "SHA384",
        "SHA512",
        "SHA3-256",
        "SHA3-384",
        "SHA3-512"
      })
  void rsaPkcs1Verifies(String hash) throws Exception {
    verifies(Cmks.SOFTWARE.rsa(), hash + "withRSA", null, "-" + hash);
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-224, 28",
    "SHA-256, 32",
    "SHA-384, 48",
    "SHA-512, 64",
    "SHA3-256, 32",
    "SHA3-512, 64"
  })
  void rsaPssVerifies(String hash, int saltBytes) throws Exception {
    pssVerifies(Cmks.SOFTWARE, hash, saltBytes);
  }

  private void pssVerifies(Cmks cmks, String hash, int saltBytes) throws Exception {
    String name = hash.replace("SHA-", "SHA").toLowerCase(Locale.ROOT);
    verifies(
        cmks.rsa(),
        "RSASSA-PSS",
        new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), saltBytes, 1),
        "-" + name,
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:" + saltBytes,
        "-sigopt",
        "rsa_mgf1_md:" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "ECC_NIST_P256, SHA1",
    "ECC_NIST_P256, SHA224",
    "ECC_NIST_P256, SHA256",
    "ECC_NIST_P256, SHA512",
    "ECC_NIST_P384, SHA384",
    "ECC_NIST_P384, SHA256",
    "ECC_NIST_P521, SHA512",
    "ECC_NIST_P256, SHA3-256",
    "ECC_NIST_P384, SHA3-384",
    "ECC_NIST_P521, SHA3-512",
    "ECC_SECG_P256K1, SHA256",
    "ECC_SECG_P256K1, SHA512"
  })
  void ecdsaVerifies(CmkSpec spec, String hash) throws Exception {
    verifies(Cmks.SOFTWARE.signing(spec), hash + "withECDSA", null, "-" + hash);
  }

  @Test
  void ed25519Verifies() throws Exception {
    KmsPrivateKey key = Cmks.SOFTWARE.ed25519();
    openssl.write("public.pem", key.publicKey());
    openssl.write("signature", signature(key, "Ed25519", null));
    String[] verify = {
      "pkeyutl",
      "-verify",
      "-rawin",
      "-pubin",
      "-inkey",
      "@public.pem",
      "-sigfile",
      "@signature",
      "-in",
      "@message"
    };
    openssl.write("message", MESSAGE);
    assertTrue(openssl.done(verify).contains("Verified Successfully"));
    openssl.write("message", changed());
    openssl.refused(verify);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, SHA256withRSA, -sha256",
    "ECC_NIST_P256, SHA256withECDSA, -sha256",
    "RSA_2048, SHA3-256withRSA, -sha3-256",
    "ECC_NIST_P256, SHA3-256withECDSA, -sha3-256"
  })
  void thoseOfAnHsmVerify(CmkSpec spec, String algorithm, String hash) throws Exception {
    verifies(Cmks.HSM.signing(spec), algorithm, null, hash);
  }

  @ParameterizedTest
  @CsvSource({"SHA-256, 32", "SHA-512, 64"})
  void pssOfAnHsmVerifies(String hash, int saltBytes) throws Exception {
    pssVerifies(Cmks.HSM, hash, saltBytes);
  }

  private void verifies(
      KmsPrivateKey key, String algorithm, @Nullable PSSParameterSpec parameters, String... options)
      throws Exception {
    List<String> verify = new ArrayList<>(List.of("dgst"));
    verify.addAll(List.of(options));
    verify.addAll(List.of("-verify", "@public.pem", "-signature", "@signature", "@message"));
    openssl.write("public.pem", key.publicKey());
    openssl.write("signature", signature(key, algorithm, parameters));
    openssl.write("message", MESSAGE);
    assertTrue(openssl.done(verify.toArray(String[]::new)).contains("Verified OK"));
    openssl.write("message", changed());
    assertTrue(openssl.refused(verify.toArray(String[]::new)).contains("Verification failure"));
  }

  private static byte[] signature(
      KmsPrivateKey key, String algorithm, @Nullable PSSParameterSpec parameters) throws Exception {
    Signature signature = Signature.getInstance(algorithm, Cmks.SOFTWARE.provider());
    signature.initSign(key);
    if (parameters != null) {
      signature.setParameter(parameters);
    }
    signature.update(MESSAGE);
    return signature.sign();
  }

  private static byte[] changed() {
    byte[] changed = MESSAGE.clone();
    changed[7]++;
    return changed;
  }
}
