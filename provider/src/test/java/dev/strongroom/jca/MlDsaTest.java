// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.SignRequest;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class MlDsaTest {
  private static final byte[] MESSAGE = new byte[10_000];
  private static final Provider BC = new BouncyCastleProvider();
  private static final Map<CmkSpec, Integer> SIGNATURE_BYTES =
      Map.of(CmkSpec.ML_DSA_44, 2420, CmkSpec.ML_DSA_65, 3309, CmkSpec.ML_DSA_87, 4627);

  private static Room room;
  private static KmsPrivateKey key;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    key = room.signing(CmkSpec.ML_DSA_65);
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static byte[] sign(String name, KmsPrivateKey signer) throws Exception {
    Signature signature = Signature.getInstance(name, room.provider);
    signature.initSign(signer);
    signature.update(MESSAGE[0]);
    signature.update(MESSAGE, 1, MESSAGE.length - 1);
    return signature.sign();
  }

  private static boolean verifies(PublicKey publicKey, Provider provider, byte[] signature)
      throws Exception {
    PublicKey theirs =
        KeyFactory.getInstance("ML-DSA", provider)
            .generatePublic(new X509EncodedKeySpec(publicKey.getEncoded()));
    Signature verifier = Signature.getInstance("ML-DSA", provider);
    verifier.initVerify(theirs);
    verifier.update(MESSAGE);
    return verifier.verify(signature);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "ML_DSA_.*")
  void bouncyCastleAndTheJdkVerifyEveryParameterSet(CmkSpec spec) throws Exception {
    KmsPrivateKey signer = spec == CmkSpec.ML_DSA_65 ? key : room.signing(spec);
    String set = spec.name().replace('_', '-');
    for (String name : List.of("ML-DSA", set)) {
      byte[] signature = sign(name, signer);
      assertEquals(SIGNATURE_BYTES.get(spec), signature.length);
      assertTrue(verifies(signer.publicKey(), BC, signature), name);
      Provider sun = Security.getProvider("SUN");
      if (sun.getService("Signature", "ML-DSA") != null) { // JDK 24 and later
        assertTrue(verifies(signer.publicKey(), sun, signature), name);
      }
      signature[20] ^= 1;
      assertFalse(verifies(signer.publicKey(), BC, signature), name);
    }
    NamedParameterSpec parameters = assertInstanceOf(NamedParameterSpec.class, signer.getParams());
    assertEquals(set, parameters.getName());
    assertEquals("ML-DSA", signer.getAlgorithm());
  }

  @Test
  void objectIdentifiersAreNames() throws Exception {
    assertTrue(verifies(key.publicKey(), BC, sign("2.16.840.1.101.3.4.3.18", key)));
    assertTrue(verifies(key.publicKey(), BC, sign("OID.2.16.840.1.101.3.4.3.18", key)));
  }

  @Test
  void theNameOfAnotherParameterSetIsRefused() throws Exception {
    Signature signature = Signature.getInstance("ML-DSA-44", room.provider);
    InvalidKeyException refused =
        assertThrows(InvalidKeyException.class, () -> signature.initSign(key));
    Room.assertSays("ML-DSA-65", refused);
  }

  @Test
  void aSignatureIsReadyForTheNextMessage() throws Exception {
    Signature signature = Signature.getInstance("ML-DSA", room.provider);
    signature.initSign(key);
    signature.update(new byte[3]);
    signature.sign();
    signature.update(MESSAGE);
    assertTrue(verifies(key.publicKey(), BC, signature.sign()));
  }

  @Test
  void publicKeysHaveAnEncodingThatOthersReadAndAreEqualToWhatTheyRead() throws Exception {
    PublicKey publicKey = key.publicKey();
    assertEquals("X.509", publicKey.getFormat());
    assertEquals("ML-DSA", publicKey.getAlgorithm());
    PublicKey read =
        KeyFactory.getInstance("ML-DSA", BC)
            .generatePublic(new X509EncodedKeySpec(publicKey.getEncoded()));
    assertArrayEquals(publicKey.getEncoded(), read.getEncoded());
    assertEquals(publicKey, ((KmsPrivateKey) room.key("ML_DSA_65")).publicKey());
    assertEquals(
        publicKey.hashCode(), ((KmsPrivateKey) room.key("ML_DSA_65")).publicKey().hashCode());
  }

  @Test
  void theKmsSignsRawMessagesAndVerifiesBothForms() {
    Kms kms = room.kms();
    byte[] message = new byte[4096];
    SignRequest raw = SignRequest.raw(SigningAlgorithm.ML_DSA_SHAKE_256, message);
    byte[] signature = kms.sign(key.caller(), key.arn(), raw);
    kms.verify(key.caller(), key.arn(), raw, signature);
    signature[0] ^= 1;
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.verify(key.caller(), key.arn(), raw, signature));
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.verify(key.caller(), key.arn(), raw, new byte[10]));
  }

  @Test
  void otherFormsOfAMessageAreRefused() {
    SigningAlgorithm algorithm = SigningAlgorithm.ML_DSA_SHAKE_256;
    for (SignRequest wrong :
        List.of(
            SignRequest.raw(algorithm, new byte[4097]),
            SignRequest.digest(algorithm, new byte[64]),
            SignRequest.externalMu(algorithm, new byte[63]))) {
      assertThrows(
          KmsException.Validation.class,
          () -> room.kms().sign(key.caller(), key.arn(), wrong),
          wrong.messageType().name());
    }
  }

  @Test
  void protectionLevelHsmIsRefusedWithTheReason() {
    for (CmkSpec spec : List.of(CmkSpec.ML_DSA_44, CmkSpec.ML_KEM_768, CmkSpec.X25519)) {
      CreateKeyRequest request = CreateKeyRequest.of(spec).withProtectionLevel(ProtectionLevel.HSM);
      assertThrows(
          KmsException.UnsupportedOperation.class,
          () -> room.kms().createKey(key.caller(), request));
    }
  }

  @Test
  void foreignKeysArePassedOnWhereAnotherProviderHasTheAlgorithm() throws Exception {
    assumeTrue(
        Security.getProvider("SUN").getService("Signature", "ML-DSA") != null,
        "skipped: the JDK has ML-DSA from 24 on");
    KeyPair pair = KeyPairGenerator.getInstance("ML-DSA").generateKeyPair();
    Signature signature = Signature.getInstance("ML-DSA", room.provider);
    signature.initSign(pair.getPrivate());
    signature.update(MESSAGE);
    byte[] bytes = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(MESSAGE);
    assertTrue(signature.verify(bytes));
  }
}
