// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published key sets: whoever verifies tokens by them does not notice a rotation. */
class KeySetTest {
  private static final JWTClaimsSet CLAIMS = new JWTClaimsSet.Builder().subject("alice").build();

  @TempDir private static Path folder;
  private static KmsHome home;

  @BeforeAll
  static void open() throws Exception {
    home = KmsHome.in(folder.resolve("home"));
  }

  @AfterAll
  static void close() {
    home.close();
  }

  private static String keySet(KeyArn key, Optional<SigningAlgorithm> algorithm) {
    return home.kms().getKeySet(home.root(), key, algorithm).toJson();
  }

  /** As every issuer does it: the key is got for the token, and names itself. */
  private static String token(String alias, JWSAlgorithm algorithm) throws Exception {
    KmsPrivateKey key = home.privateKey(alias);
    JWSSigner signer;
    if (key.getAlgorithm().equals("RSA")) {
      RSASSASigner rsa = new RSASSASigner(key);
      rsa.getJCAContext().setProvider(home.provider());
      signer = rsa;
    } else {
      ECDSASigner ec = new ECDSASigner(key, Curve.forJWSAlgorithm(algorithm).iterator().next());
      ec.getJCAContext().setProvider(home.provider());
      signer = ec;
    }
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).keyID(key.metadata().keyMaterialId()).build(), CLAIMS);
    token.sign(signer);
    return token.serialize();
  }

  private static String subject(String keySet, JWSAlgorithm algorithm, String token)
      throws Exception {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithm, new ImmutableJWKSet<>(JWKSet.parse(keySet))));
    return processor.process(token, null).getSubject();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RS256, RSASSA_PKCS1_V1_5_SHA_256",
    "RSA_2048, PS256, RSASSA_PSS_SHA_256",
    "ECC_NIST_P256, ES256, ECDSA_SHA_256",
    "ECC_NIST_P384, ES384, ECDSA_SHA_384",
    "ECC_NIST_P521, ES512, ECDSA_SHA_512"
  })
  void tokensFromBeforeAndAfterARotationVerify(
      CmkSpec spec, String name, SigningAlgorithm algorithm) throws Exception {
    String alias = "token-" + name;
    JWSAlgorithm jws = JWSAlgorithm.parse(name);
    KeyArn key = home.create(spec, alias).arn();
    String early = keySet(key, Optional.of(algorithm));
    String old = token(alias, jws);
    home.kms().rotateKeyOnDemand(home.root(), key, true);
    String young = token(alias, jws);

    String late = keySet(key, Optional.of(algorithm));

    assertEquals("alice", subject(early, jws, old));
    assertEquals("alice", subject(late, jws, old));
    assertEquals("alice", subject(late, jws, young));
    assertThrows(BadJOSEException.class, () -> subject(early, jws, young));
    JWK newest = JWKSet.parse(late).getKeys().get(0);
    assertEquals(2, JWKSet.parse(late).getKeys().size());
    assertEquals(home.privateKey(alias).metadata().keyMaterialId(), newest.getKeyID());
    assertEquals(jws, newest.getAlgorithm());
    assertEquals(KeyUse.SIGNATURE, newest.getKeyUse());
    assertFalse(newest.isPrivate());
  }

  @Test
  void certificateIsShownWithItsGenerationOnly() throws Exception {
    TestCa ca = TestCa.ec();
    home.certified(CmkSpec.ECC_NIST_P256, "certified", ca);
    KeyArn key = home.privateKey("certified").arn();
    home.kms().rotateKeyOnDemand(home.root(), key, true);

    List<JWK> keys = JWKSet.parse(keySet(key, Optional.empty())).getKeys();

    assertNull(keys.get(0).getX509CertChain());
    assertEquals(2, keys.get(1).getX509CertChain().size());
    assertEquals(
        home.keyStore().getCertificate("certified").getPublicKey(),
        keys.get(1).toECKey().toPublicKey());
  }

  @Test
  void rsaKeysNameNoAlgorithmUnlessAsked() throws Exception {
    KeyArn key = home.create(CmkSpec.RSA_2048, "any-algorithm").arn();

    assertNull(JWKSet.parse(keySet(key, Optional.empty())).getKeys().get(0).getAlgorithm());
    assertThrows(
        KmsException.InvalidKeyUsage.class,
        () -> keySet(key, Optional.of(SigningAlgorithm.ECDSA_SHA_256)));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> keySet(key, Optional.of(SigningAlgorithm.RSASSA_PSS_SHA_224)));
  }

  @Test
  void ed25519KeysAreOctetKeyPairs() throws Exception {
    KeyArn key = home.create(CmkSpec.ECC_NIST_EDWARDS25519, "edwards").arn();

    Map<String, Object> shown =
        JWKSet.parse(keySet(key, Optional.empty())).getKeys().get(0).toJSONObject();

    assertEquals("OKP", shown.get("kty"));
    assertEquals("Ed25519", shown.get("crv"));
    assertEquals("EdDSA", shown.get("alg"));
    byte[] spki = home.kms().getPublicKey(home.root(), key).publicKey();
    byte[] point = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    assertEquals(Base64.getUrlEncoder().withoutPadding().encodeToString(point), shown.get("x"));
  }

  @Test
  void keysThatDoNotSignOrHaveNoJsonFormAreRefused() {
    for (CmkSpec spec : List.of(CmkSpec.HMAC_256, CmkSpec.SYMMETRIC_DEFAULT, CmkSpec.ML_KEM_768)) {
      KeyArn key = home.create(spec, "refused-" + spec).arn();
      assertThrows(KmsException.class, () -> keySet(key, Optional.empty()), spec.name());
    }
    KeyArn postQuantum = home.create(CmkSpec.ML_DSA_44, "ml-dsa").arn();
    assertThrows(
        KmsException.UnsupportedOperation.class, () -> keySet(postQuantum, Optional.empty()));
  }
}
