// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.DigestInfo;
import dev.strongroom.kms.audit.AuditQuery;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every name of a signature with a hash: that it means what it means elsewhere. */
class SignatureNamesTest {
  private static final String[] HASHES = {
    "SHA1",
    "SHA224",
    "SHA256",
    "SHA384",
    "SHA512",
    "SHA512/224",
    "SHA512/256",
    "SHA3-224",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512"
  };
  private static final byte[] MESSAGE = "to be signed".getBytes(UTF_8);
  private static final Provider BC = new BouncyCastleProvider();

  private static Room room;
  private static KmsPrivateKey rsa;
  private static List<KmsPrivateKey> curves;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    rsa = room.signing(CmkSpec.RSA_2048);
    curves =
        List.of(
            room.signing(CmkSpec.ECC_NIST_P256),
            room.signing(CmkSpec.ECC_NIST_P384),
            room.signing(CmkSpec.ECC_NIST_P521));
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static byte[] sign(String name, KmsPrivateKey key, byte[] message)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name, room.provider);
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }

  private static boolean verifies(
      Signature others, KmsPrivateKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    others.initVerify(key.publicKey());
    others.update(message);
    return others.verify(signature);
  }

  private static String bouncyCastles(String name) {
    return name.replaceFirst("SHA512/(\\d+)", "SHA512($1)");
  }

  @Test
  void rsaWithEveryHashIsVerifiedByTheJdkAndByBouncyCastle() throws Exception {
    for (String hash : HASHES) {
      String name = hash + "withRSA";
      byte[] signature = sign(name, rsa, MESSAGE);
      Signature jdk = Signature.getInstance(name, "SunRsaSign");
      assertTrue(verifies(jdk, rsa, MESSAGE, signature), name);
      Signature bc = Signature.getInstance(bouncyCastles(name), BC);
      assertTrue(verifies(bc, rsa, MESSAGE, signature), name);
      assertFalse(verifies(bc, rsa, new byte[1], signature), name);
    }
  }

  @Test
  void pssWithEveryHashIsVerifiedByTheJdkAndByBouncyCastle() throws Exception {
    for (String hash : HASHES) {
      String name = hash + "withRSAandMGF1";
      byte[] signature = sign(name, rsa, MESSAGE);
      Signature jdk = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
      jdk.setParameter(PssParameters.of(Hashes.standardName(hash)));
      assertTrue(verifies(jdk, rsa, MESSAGE, signature), name);
      Signature bc = Signature.getInstance(bouncyCastles(name), BC);
      assertTrue(verifies(bc, rsa, MESSAGE, signature), name);
    }
  }

  /** Neither has a name for ECDSA with SHA-512/256; both verify the bare hash. */
  @Test
  void everyHashWithEveryCurveIsVerifiedByTheJdkAndByBouncyCastle() throws Exception {
    for (KmsPrivateKey key : curves) {
      for (String hash : HASHES) {
        byte[] digest = Hashes.of(Hashes.standardName(hash)).digest(MESSAGE);
        byte[] der = sign(hash + "withECDSA", key, MESSAGE);
        byte[] p1363 = sign(hash + "withECDSAinP1363Format", key, MESSAGE);
        String what = hash + " " + key.metadata().spec();
        assertTrue(
            verifies(Signature.getInstance("NONEwithECDSA", "SunEC"), key, digest, der), what);
        assertTrue(
            verifies(
                Signature.getInstance("NONEwithECDSAinP1363Format", "SunEC"), key, digest, p1363),
            what);
        assertTrue(verifies(Signature.getInstance("NONEwithECDSA", BC), key, digest, der), what);
      }
    }
  }

  @Test
  void everyNameThatTheJdkHasForAnAlgorithmOfOursIsOursToo() {
    Map<String, String> missing = new TreeMap<>();
    for (String name : List.of("SUN", "SunRsaSign", "SunEC", "SunJCE")) {
      Provider jdk = Security.getProvider(name);
      for (Map.Entry<Object, Object> entry : jdk.entrySet()) {
        String key = entry.getKey().toString();
        for (String type : List.of("Signature", "Mac", "KeyAgreement", "KEM")) {
          String prefix = "Alg.Alias." + type + ".";
          if (key.startsWith(prefix)
              && room.provider.getService(type, entry.getValue().toString()) != null
              && room.provider.getService(type, key.substring(prefix.length())) == null) {
            missing.put(key, entry.getValue().toString());
          }
        }
      }
    }
    assertEquals(Map.of(), missing);
  }

  @Test
  void noneWithRsaSignsADigestInfoAndTheTrailNamesTheHash() throws Exception {
    for (String hash : HASHES) {
      String standardName = Hashes.standardName(hash);
      byte[] info = DigestInfo.encode(standardName, Hashes.of(standardName).digest(MESSAGE));
      byte[] signature = sign("NONEwithRSA", rsa, info);
      Signature jdk = Signature.getInstance(hash + "withRSA", "SunRsaSign");
      assertTrue(verifies(jdk, rsa, MESSAGE, signature), hash);
      assertTrue(verifies(Signature.getInstance("NONEwithRSA", BC), rsa, info, signature), hash);
    }
    String trail =
        room.kms().lookupEvents(room.provider.caller(), AuditQuery.newest(1000)).toString();
    assertTrue(trail.contains("RSASSA_PKCS1_V1_5_SHA3_512"), "the algorithm is recorded");
  }

  @Test
  void noneWithRsaRefusesWhatIsNoDigestInfo() throws Exception {
    byte[] good = DigestInfo.encode("SHA-256", new byte[32]);
    byte[] withoutNull = good.clone();
    withoutNull[15] = 4;
    byte[] md5AndSha1 = new byte[36];
    for (byte[] wrong :
        List.of(
            new byte[0],
            md5AndSha1,
            withoutNull,
            Arrays.copyOf(good, good.length - 1),
            Arrays.copyOf(good, good.length + 1),
            new byte[256])) {
      SignatureException refused =
          assertThrows(SignatureException.class, () -> sign("NONEwithRSA", rsa, wrong));
      Room.assertSays("DigestInfo", refused);
    }
  }

  @Test
  void nonePssSignsTheHashThatItsParametersName() throws Exception {
    for (String hash : HASHES) {
      String standardName = Hashes.standardName(hash);
      PSSParameterSpec parameters = PssParameters.of(standardName);
      Signature ours = Signature.getInstance("NONEwithRSASSA-PSS", room.provider);
      ours.setParameter(parameters);
      ours.initSign(rsa);
      ours.update(MessageDigest.getInstance(standardName).digest(MESSAGE));
      byte[] signature = ours.sign();

      Signature jdk = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
      jdk.setParameter(parameters);
      assertTrue(verifies(jdk, rsa, MESSAGE, signature), hash);
    }
  }

  @Test
  void nonePssRefusesHashesOfAnotherLengthAndNoParameters() throws Exception {
    Signature ours = Signature.getInstance("NONEwithRSASSA-PSS", room.provider);
    ours.initSign(rsa);
    ours.update(new byte[32]);
    assertThrows(SignatureException.class, ours::sign);

    ours.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    ours.update(new byte[33]);
    Room.assertSays("32 bytes", assertThrows(SignatureException.class, ours::sign));
    ours.update(new byte[32]);
    assertEquals(256, ours.sign().length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA3-256withRSA", "SHA512/256withRSA", "SHA3-384withECDSA"})
  void foreignKeysArePassedOn(String name) throws Exception {
    KeyPair pair =
        KeyPairGenerator.getInstance(name.endsWith("RSA") ? "RSA" : "EC").generateKeyPair();
    Signature ours = Signature.getInstance(name, room.provider);
    ours.initSign(pair.getPrivate());
    ours.update(MESSAGE);
    byte[] signature = ours.sign();
    ours.initVerify(pair.getPublic());
    ours.update(MESSAGE);
    assertTrue(ours.verify(signature));
  }

  @Test
  void aNameThatNobodyElseHasVerifiesNothingAndSaysSo() throws Exception {
    Signature ours = Signature.getInstance("SHA512/256withECDSA", room.provider);
    InvalidKeyException refused =
        assertThrows(InvalidKeyException.class, () -> ours.initVerify(curves.get(0).publicKey()));
    Room.assertSays("SHA512/256withECDSA", refused);
  }
}
