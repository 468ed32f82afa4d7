// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.openssl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.GetParametersForImportResult;
import dev.strongroom.kms.service.ImportKeyMaterialRequest;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.SignRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key material that OpenSSL makes and wraps; of level HSM is the wrapping key. */
class KeyImportTest {
  private static final byte[] TEXT = "4111 1111 µ".getBytes(StandardCharsets.UTF_8);

  private final OpenSsl openssl;

  KeyImportTest(@TempDir Path folder) {
    this.openssl = new OpenSsl(folder);
  }

  private static KeyId external(Cmks cmks, CmkSpec spec, KeyUsage usage) {
    CreateKeyRequest request =
        CreateKeyRequest.of(spec).withUsage(usage).withOrigin(KeyOrigin.EXTERNAL);
    return kms(cmks).createKey(caller(cmks), request).keyId();
  }

  private static Kms kms(Cmks cmks) {
    return cmks.provider().kms();
  }

  private static Caller caller(Cmks cmks) {
    return cmks.provider().caller();
  }

  /** Has OpenSSL wrap the file {@code material}, and brings it. */
  private void bring(Cmks cmks, KeyId key, WrappingAlgorithm algorithm, CmkSpec spec)
      throws IOException {
    GetParametersForImportResult parameters =
        kms(cmks).getParametersForImport(caller(cmks), key, algorithm, spec);
    openssl.write("wrapping.pem", OpenSsl.pem("PUBLIC KEY", parameters.publicKey()));
    byte[] wrapped = algorithm.hasAesKey() ? inTwoSteps(algorithm) : oaep(algorithm, "material");
    kms(cmks)
        .importKeyMaterial(
            caller(cmks), ImportKeyMaterialRequest.of(key, parameters.importToken(), wrapped));
  }

  private byte[] inTwoSteps(WrappingAlgorithm algorithm) throws IOException {
    openssl.done("rand", "-out", "@aes", "32");
    openssl.done(
        "enc",
        "-id-aes256-wrap-pad",
        "-iv",
        "A65959A6",
        "-K",
        HexFormat.of().formatHex(openssl.read("aes")),
        "-in",
        "@material",
        "-out",
        "@inner");
    byte[] outer = oaep(algorithm, "aes");
    byte[] inner = openssl.read("inner");
    byte[] both = Arrays.copyOf(outer, outer.length + inner.length);
    System.arraycopy(inner, 0, both, outer.length, inner.length);
    return both;
  }

  private byte[] oaep(WrappingAlgorithm algorithm, String file) throws IOException {
    String hash = algorithm.name().endsWith("SHA_1") ? "sha1" : "sha256";
    openssl.done(
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-inkey",
        "@wrapping.pem",
        "-in",
        "@" + file,
        "-out",
        "@outer",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:" + hash,
        "-pkeyopt",
        "rsa_mgf1_md:" + hash);
    return openssl.read("outer");
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RSAES_OAEP_SHA_1, RSA_2048",
    "SOFTWARE, RSAES_OAEP_SHA_256, RSA_3072",
    "SOFTWARE, RSA_AES_KEY_WRAP_SHA_1, RSA_2048",
    "SOFTWARE, RSA_AES_KEY_WRAP_SHA_256, RSA_4096",
    "HSM, RSAES_OAEP_SHA_1, RSA_2048",
    "HSM, RSAES_OAEP_SHA_256, RSA_2048",
    "HSM, RSA_AES_KEY_WRAP_SHA_1, RSA_3072",
    "HSM, RSA_AES_KEY_WRAP_SHA_256, RSA_2048"
  })
  void secretsArriveUnderEachWrapping(Cmks cmks, WrappingAlgorithm algorithm, CmkSpec spec)
      throws Exception {
    KeyId mac = external(cmks, CmkSpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC);
    openssl.done("rand", "-out", "@material", "32");

    bring(cmks, mac, algorithm, spec);

    openssl.write("plain", TEXT);
    String theirs =
        openssl.done(
            "mac",
            "-digest",
            "SHA256",
            "-macopt",
            "hexkey:" + HexFormat.of().formatHex(openssl.read("material")),
            "-in",
            "@plain",
            "HMAC");
    assertEquals(
        theirs.strip().toLowerCase(Locale.ROOT),
        HexFormat.of()
            .formatHex(kms(cmks).generateMac(caller(cmks), mac, MacAlgorithm.HMAC_SHA_256, TEXT)));
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE", "HSM"})
  void symmetricKeyOfOpenSslEncrypts(Cmks cmks) throws Exception {
    KeyId key = external(cmks, CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    openssl.done("rand", "-out", "@material", "32");

    bring(cmks, key, WrappingAlgorithm.RSAES_OAEP_SHA_256, CmkSpec.RSA_2048);

    EncryptionAlgorithm algorithm = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
    EncryptionContext none = EncryptionContext.EMPTY;
    byte[] blob = kms(cmks).encrypt(caller(cmks), key, algorithm, TEXT, none).ciphertextBlob();
    assertArrayEquals(
        TEXT, kms(cmks).decrypt(caller(cmks), null, algorithm, blob, none).plaintext());
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RSA_3072, RSASSA_PSS_SHA_256, RSA -pkeyopt rsa_keygen_bits:3072",
    "HSM, RSA_2048, RSASSA_PKCS1_V1_5_SHA_256, RSA -pkeyopt rsa_keygen_bits:2048",
    "SOFTWARE, ECC_NIST_P384, ECDSA_SHA_384, EC -pkeyopt ec_paramgen_curve:P-384",
    "HSM, ECC_SECG_P256K1, ECDSA_SHA_256, EC -pkeyopt ec_paramgen_curve:secp256k1",
    "SOFTWARE, ECC_NIST_EDWARDS25519, ED25519_SHA_512, ED25519"
  })
  void privateKeysOfOpenSslSign(
      Cmks cmks, CmkSpec spec, SigningAlgorithm algorithm, String generation) throws Exception {
    KeyId key = external(cmks, spec, KeyUsage.SIGN_VERIFY);
    generate(generation);

    bring(cmks, key, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_2048);

    openssl.done(
        "pkey", "-inform", "DER", "-in", "@material", "-pubout", "-outform", "DER", "-out", "@pub");
    assertArrayEquals(openssl.read("pub"), kms(cmks).getPublicKey(caller(cmks), key).publicKey());
    SignRequest request = SignRequest.raw(algorithm, TEXT);
    byte[] signature = kms(cmks).sign(caller(cmks), key, request);
    kms(cmks).verify(caller(cmks), key, request, signature);
  }

  private void generate(String algorithm) {
    String[] words = ("genpkey -outform DER -out @key -algorithm " + algorithm).split(" ");
    openssl.done(words);
    openssl.done(
        "pkcs8",
        "-topk8",
        "-nocrypt",
        "-inform",
        "DER",
        "-in",
        "@key",
        "-outform",
        "DER",
        "-out",
        "@material");
  }

  /** A key that OpenSSL itself calls broken. */
  @ParameterizedTest
  @CsvSource({"SOFTWARE", "HSM"})
  void keyThatDoesNotFitTogetherIsRefused(Cmks cmks) throws Exception {
    KeyId key = external(cmks, CmkSpec.RSA_2048, KeyUsage.SIGN_VERIFY);
    generate("RSA -pkeyopt rsa_keygen_bits:2048");
    byte[] broken = openssl.read("material");
    broken[broken.length - 1] ^= 1; // the CRT coefficient
    openssl.write("material", broken);
    openssl.refused("pkey", "-check", "-noout", "-inform", "DER", "-in", "@material");

    assertThrows(
        KmsException.Validation.class,
        () -> bring(cmks, key, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_2048));
  }
}
