// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import io.jsonwebtoken.JwtParserBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.io.Encoders;
import io.jsonwebtoken.security.KeyAlgorithm;
import io.jsonwebtoken.security.SecretKeyAlgorithm;
import io.jsonwebtoken.security.SecureDigestAlgorithm;
import io.jsonwebtoken.security.SignatureAlgorithm;
import io.jsonwebtoken.security.SignatureException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JjwtTest {
  private static final String SUBJECT = "Größe µ";

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RS256, RSA_2048",
    "SOFTWARE, RS384, RSA_2048",
    "SOFTWARE, RS512, RSA_2048",
    "SOFTWARE, PS256, RSA_2048",
    "SOFTWARE, PS384, RSA_2048",
    "SOFTWARE, PS512, RSA_2048",
    "SOFTWARE, ES256, ECC_NIST_P256",
    "SOFTWARE, ES384, ECC_NIST_P384",
    "SOFTWARE, ES512, ECC_NIST_P521",
    "SOFTWARE, EdDSA, ECC_NIST_EDWARDS25519",
    "HSM, RS256, RSA_2048",
    "HSM, PS256, RSA_2048",
    "HSM, ES256, ECC_NIST_P256"
  })
  void keysSignTokensThatJjwtVerifies(Cmks cmks, String name, CmkSpec spec) {
    SignatureAlgorithm algorithm = (SignatureAlgorithm) Jwts.SIG.get().forKey(name);
    KmsPrivateKey key = cmks.signing(spec);

    verifies(
        Jwts.builder()
            .provider(cmks.provider())
            .subject(SUBJECT)
            .signWith(key, algorithm)
            .compact(),
        key.publicKey());

    Cmks.installFirst();
    verifies(Jwts.builder().subject(SUBJECT).signWith(key, algorithm).compact(), key.publicKey());
  }

  /** Without one, jjwt chooses by what the key tells of itself. */
  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RS256",
    "ECC_NIST_P256, ES256",
    "ECC_NIST_P521, ES512",
    "ECC_NIST_EDWARDS25519, EdDSA"
  })
  void jjwtChoosesTheAlgorithmByTheKey(CmkSpec spec, String expected) {
    Cmks.install();
    KmsPrivateKey key = Cmks.SOFTWARE.signing(spec);
    String token = Jwts.builder().subject(SUBJECT).signWith(key).compact();
    assertEquals(
        expected,
        Jwts.parser()
            .verifyWith(key.publicKey())
            .build()
            .parseSignedClaims(token)
            .getHeader()
            .getAlgorithm());
  }

  private static void verifies(String token, PublicKey publicKey) {
    assertEquals(
        SUBJECT,
        Jwts.parser()
            .verifyWith(publicKey)
            .build()
            .parseSignedClaims(token)
            .getPayload()
            .getSubject());
    String[] parts = token.split("\\.", -1);
    String claims = Encoders.BASE64URL.encode("{\"sub\":\"b\"}".getBytes(StandardCharsets.UTF_8));
    String changed = parts[0] + "." + claims + "." + parts[2];
    assertThrows(
        SignatureException.class,
        () -> Jwts.parser().verifyWith(publicKey).build().parseSignedClaims(changed));
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE, RSA-OAEP-256", "SOFTWARE, RSA-OAEP", "HSM, RSA-OAEP-256"})
  void rsaKeysOpenWhatJjwtEncrypted(Cmks cmks, String name) {
    @SuppressWarnings("unchecked") // RSA-OAEP's keys are public keys
    KeyAlgorithm<PublicKey, ?> algorithm = (KeyAlgorithm<PublicKey, ?>) Jwts.KEY.get().forKey(name);
    String token =
        Jwts.builder()
            .subject(SUBJECT)
            .encryptWith(cmks.decrypting().publicKey(), algorithm, Jwts.ENC.A256GCM)
            .compact();

    opens(Jwts.parser().provider(cmks.provider()).decryptWith(cmks.decrypting()), token);
    Cmks.install();
    opens(Jwts.parser().decryptWith(cmks.decrypting()), token);
  }

  private static void opens(JwtParserBuilder parser, String token) {
    assertEquals(SUBJECT, parser.build().parseEncryptedClaims(token).getPayload().getSubject());
  }

  @ParameterizedTest
  @CsvSource({"A256KW", "A256GCMKW"})
  void dataKeysWrapContentKeys(String name) throws Exception {
    Cmks.install();
    SecretKeyAlgorithm algorithm = (SecretKeyAlgorithm) Jwts.KEY.get().forKey(name);
    DataKey dataKey = Cmks.SOFTWARE.dataKey();
    SecretKeySpec copy = new SecretKeySpec(dataKey.getEncoded(), "AES");
    String token =
        Jwts.builder()
            .subject(SUBJECT)
            .encryptWith(dataKey, algorithm, Jwts.ENC.A256CBC_HS512)
            .compact();
    opens(Jwts.parser().decryptWith(copy), token);
    dataKey.destroy();
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE, HS256, HMAC_256", "SOFTWARE, HS512, HMAC_512", "HSM, HS256, HMAC_256"})
  void hmacKeysSignAndVerify(Cmks cmks, String name, CmkSpec spec) {
    Cmks.install();
    @SuppressWarnings("unchecked") // HMAC's keys are secret keys
    SecureDigestAlgorithm<javax.crypto.SecretKey, ?> algorithm =
        (SecureDigestAlgorithm<javax.crypto.SecretKey, ?>) Jwts.SIG.get().forKey(name);
    String token = Jwts.builder().subject(SUBJECT).signWith(cmks.hmac(spec), algorithm).compact();
    assertEquals(
        SUBJECT,
        Jwts.parser()
            .verifyWith(cmks.hmac(spec))
            .build()
            .parseSignedClaims(token)
            .getPayload()
            .getSubject());
  }
}
