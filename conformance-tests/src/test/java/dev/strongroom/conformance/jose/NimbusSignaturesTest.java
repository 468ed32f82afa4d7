// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.service.Kms;
import io.jsonwebtoken.Jwts;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NimbusSignaturesTest {
  private static final JWTClaimsSet CLAIMS =
      new JWTClaimsSet.Builder().issuer("strongroom").subject("Größe µ").build();

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RS256", "SOFTWARE, RS384", "SOFTWARE, RS512", "HSM, RS256",
    "SOFTWARE, PS256", "SOFTWARE, PS384", "SOFTWARE, PS512", "HSM, PS256"
  })
  void rsaKeysSignTokensThatNimbusVerifies(Cmks cmks, String name) throws Exception {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    JWSVerifier verifier = new RSASSAVerifier((RSAPublicKey) cmks.rsa().publicKey());

    RSASSASigner pinned = new RSASSASigner(cmks.rsa());
    pinned.getJCAContext().setProvider(cmks.provider());
    verifies(signed(algorithm, pinned), verifier);

    Cmks.installFirst();
    verifies(signed(algorithm, new RSASSASigner(cmks.rsa())), verifier);
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE, RS256", "SOFTWARE, RS512", "HSM, RS256"})
  void pkcs1NeedsNoProviderWhereverOursStands(Cmks cmks, String name) throws Exception {
    Cmks.install();
    verifies(
        signed(JWSAlgorithm.parse(name), new RSASSASigner(cmks.rsa())),
        new RSASSAVerifier((RSAPublicKey) cmks.rsa().publicKey()));
  }

  /** Nimbus sets the parameters before the key: JCA then takes the first provider there is. */
  @Test
  void pssNeedsOurProviderByNameOrInFirstPlace() {
    Cmks.install();
    RSASSASigner signer = new RSASSASigner(Cmks.SOFTWARE.rsa());
    assertThrows(JOSEException.class, () -> signed(JWSAlgorithm.PS256, signer));
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, ES256, ECC_NIST_P256",
    "SOFTWARE, ES384, ECC_NIST_P384",
    "SOFTWARE, ES512, ECC_NIST_P521",
    "SOFTWARE, ES256K, ECC_SECG_P256K1",
    "HSM, ES256, ECC_NIST_P256"
  })
  void eccKeysSignTokensThatNimbusVerifies(Cmks cmks, String name, CmkSpec spec) throws Exception {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    KmsEcPrivateKey key = cmks.ec(spec);
    Curve curve = Curve.forJWSAlgorithm(algorithm).iterator().next();
    ECDSAVerifier verifier = new ECDSAVerifier((ECPublicKey) key.publicKey());
    if (curve.equals(Curve.SECP256K1)) {
      verifier.getJCAContext().setProvider(new BouncyCastleProvider()); // the JDK lacks the curve
    }

    ECDSASigner pinned = new ECDSASigner(key, curve);
    pinned.getJCAContext().setProvider(cmks.provider());
    verifies(signed(algorithm, pinned), verifier);

    Cmks.install();
    verifies(signed(algorithm, new ECDSASigner(key, curve)), verifier);
  }

  /** As frameworks hold their keys: Spring's NimbusJwtEncoder takes them from a JWKSource. */
  @ParameterizedTest
  @EnumSource
  void keysSignAsJsonWebKeys(Cmks cmks) throws Exception {
    Cmks.install();
    RSAKey rsa =
        new RSAKey.Builder((RSAPublicKey) cmks.rsa().publicKey()).privateKey(cmks.rsa()).build();
    verifies(
        signed(JWSAlgorithm.RS256, new DefaultJWSSignerFactory().createJWSSigner(rsa)),
        new RSASSAVerifier(rsa));
    KmsEcPrivateKey key = cmks.ec(CmkSpec.ECC_NIST_P256);
    ECKey ec =
        new ECKey.Builder(Curve.P_256, (ECPublicKey) key.publicKey()).privateKey(key).build();
    verifies(
        signed(JWSAlgorithm.ES256, new DefaultJWSSignerFactory().createJWSSigner(ec)),
        new ECDSAVerifier(ec));
    assertTrue(ec.isPrivate());
    assertFalse(ec.toJSONString().contains("\"d\""));
  }

  /** Nimbus's own classes for EdDSA want the private half, and Tink; jjwt verifies without. */
  @Test
  void ed25519KeysSignTokensThroughASignerOfOnesOwn() throws Exception {
    Cmks.install();
    KmsPrivateKey key = Cmks.SOFTWARE.ed25519();
    SignedJWT token = signed(JWSAlgorithm.EdDSA, new KmsEd25519Signer(key));
    assertEquals(
        CLAIMS.getSubject(),
        Jwts.parser()
            .verifyWith(key.publicKey())
            .build()
            .parseSignedClaims(token.serialize())
            .getPayload()
            .getSubject());
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, HS256, HMAC_256, HMAC_SHA_256",
    "SOFTWARE, HS384, HMAC_384, HMAC_SHA_384",
    "SOFTWARE, HS512, HMAC_512, HMAC_SHA_512",
    "HSM, HS256, HMAC_256, HMAC_SHA_256"
  })
  void hmacKeysMakeTokensThatTheKmsVerifies(
      Cmks cmks, String name, CmkSpec spec, MacAlgorithm algorithm) throws Exception {
    Cmks.install();
    KmsSecretKey key = cmks.hmac(spec);
    SignedJWT token = signed(JWSAlgorithm.parse(name), new MACSigner(key));

    Kms kms = cmks.provider().kms();
    kms.verifyMac(
        cmks.provider().caller(),
        key.arn(),
        algorithm,
        token.getSigningInput(),
        token.getSignature().decode());
    verifies(token, new MACVerifier(key));
  }

  private static SignedJWT signed(JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(algorithm), CLAIMS);
    token.sign(signer);
    return token;
  }

  private static void verifies(SignedJWT token, JWSVerifier verifier) throws Exception {
    String text = token.serialize();
    SignedJWT received = SignedJWT.parse(text);
    assertTrue(received.verify(verifier));
    assertEquals(CLAIMS, received.getJWTClaimsSet());

    int at = text.indexOf('.') + 5;
    char other = text.charAt(at) == 'A' ? 'B' : 'A';
    SignedJWT changed = SignedJWT.parse(text.substring(0, at) + other + text.substring(at + 1));
    assertFalse(changed.verify(verifier));
  }
}
