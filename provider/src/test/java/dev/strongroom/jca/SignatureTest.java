// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
  private static final byte[] MESSAGE = new byte[10_000];
  private static final List<String> HASHES =
      List.of("SHA1", "SHA224", "SHA256", "SHA384", "SHA512");
  private static final PSSParameterSpec PSS_256 =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
  private static final PSSParameterSpec PSS_384 =
      new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);
  private static final PSSParameterSpec ODD_SALT =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1);

  private static Room room;
  private static KmsPrivateKey rsa;
  private static KmsPrivateKey p256;
  private static KmsPrivateKey ed25519;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    rsa = room.signing(CmkSpec.RSA_2048);
    p256 = room.signing(CmkSpec.ECC_NIST_P256);
    ed25519 = room.signing(CmkSpec.ECC_NIST_EDWARDS25519);
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static Signature ours(String algorithm) throws Exception {
    return Signature.getInstance(algorithm, room.provider);
  }

  private static byte[] sign(String algorithm, PrivateKey key, byte[] message) throws Exception {
    Signature signature = ours(algorithm);
    signature.initSign(key);
    signature.update(message[0]);
    signature.update(message, 1, message.length - 1);
    return signature.sign();
  }

  private static boolean verifies(
      Signature others, KmsPrivateKey key, byte[] message, byte[] signature) throws Exception {
    others.initVerify(key.publicKey());
    others.update(message);
    return others.verify(signature);
  }

  @Test
  void theJdkVerifiesEveryHashWithRsa() throws Exception {
    for (String hash : HASHES) {
      String name = hash + "withRSA";
      byte[] signature = sign(name, rsa, MESSAGE);
      assertTrue(
          verifies(Signature.getInstance(name, "SunRsaSign"), rsa, MESSAGE, signature), name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"})
  void theJdkVerifiesEveryHashWithEveryCurveInBothEncodings(CmkSpec spec) throws Exception {
    KmsPrivateKey key = spec == CmkSpec.ECC_NIST_P256 ? p256 : room.signing(spec);
    for (String hash : HASHES) {
      for (String name : List.of(hash + "withECDSA", hash + "withECDSAinP1363Format")) {
        byte[] signature = sign(name, key, MESSAGE);
        assertTrue(verifies(Signature.getInstance(name, "SunEC"), key, MESSAGE, signature), name);
      }
    }
  }

  @Test
  void secp256k1IsVerifiedByBouncyCastle() throws Exception {
    KmsPrivateKey key = room.signing(CmkSpec.ECC_SECG_P256K1);
    byte[] signature = sign("SHA256withECDSA", key, MESSAGE);

    Signature others = Signature.getInstance("SHA256withECDSA", new BouncyCastleProvider());
    assertTrue(verifies(others, key, MESSAGE, signature));
  }

  @Test
  void p1363SignaturesAlwaysHaveTheSameLength() throws Exception {
    Signature others = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
    Signature signature = ours("SHA256withECDSAinP1363Format");
    signature.initSign(p256);
    // One in 128 has a leading zero byte in r or s.
    for (int i = 0; i < 1000; i++) {
      byte[] message = {(byte) i, (byte) (i >> 8)};
      signature.update(message);
      byte[] bytes = signature.sign();
      assertEquals(64, bytes.length);
      assertTrue(verifies(others, p256, message, bytes));
    }
  }

  @Test
  void rawEcdsaSignsAHashOfTheCallers() throws Exception {
    for (int bytes : new int[] {20, 28, 32, 48, 64}) {
      byte[] hash = new byte[bytes];
      hash[0] = (byte) bytes;
      byte[] signature = sign("NONEwithECDSA", p256, hash);
      assertTrue(verifies(Signature.getInstance("NONEwithECDSA", "SunEC"), p256, hash, signature));
    }
  }

  @Test
  void rawEcdsaRefusesWhatIsNoHash() throws Exception {
    for (int bytes : new int[] {1, 31, 33, 65}) {
      Signature signature = ours("NONEwithECDSA");
      signature.initSign(p256);
      signature.update(new byte[bytes]);
      assertThrows(SignatureException.class, signature::sign, bytes + " bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EdDSA", "1.3.101.112"})
  void theJdkVerifiesEd25519UpTo4096Bytes(String name) throws Exception {
    byte[] message = new byte[4096];
    byte[] signature = sign(name, ed25519, message);

    assertEquals(64, signature.length);
    assertTrue(verifies(Signature.getInstance(name, "SunEC"), ed25519, message, signature));
  }

  @Test
  void ed25519RefusesLongerMessagesAndIsReadyForTheNext() throws Exception {
    Signature signature = ours("Ed25519");
    signature.initSign(ed25519);
    signature.update(new byte[4097]);
    SignatureException refused = assertThrows(SignatureException.class, signature::sign);
    Room.assertSays("4097", refused);

    signature.update(new byte[1]);
    assertEquals(64, signature.sign().length);
  }

  @Test
  void ed25519TakesPlainParametersOnly() throws Exception {
    Signature signature = ours("Ed25519");
    signature.initSign(ed25519);
    signature.setParameter(new EdDSAParameterSpec(false));
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> signature.setParameter(new EdDSAParameterSpec(true)));
  }

  @Test
  void pssParametersComeBeforeOrAfterTheKey() throws Exception {
    for (PSSParameterSpec parameters : List.of(PSS_256, PSS_384)) {
      Signature before = ours("RSASSA-PSS");
      before.setParameter(parameters);
      before.initSign(rsa);
      Signature after = ours("RSASSA-PSS");
      after.initSign(rsa);
      after.setParameter(parameters);

      for (Signature signature : List.of(before, after)) {
        signature.update(MESSAGE);
        byte[] bytes = signature.sign();
        Signature others = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
        others.setParameter(parameters);
        assertTrue(verifies(others, rsa, MESSAGE, bytes));
      }
    }
  }

  @Test
  void pssParametersSurviveAnotherInit() throws Exception {
    Signature signature = ours("RSASSA-PSS");
    signature.initSign(rsa);
    signature.setParameter(PSS_384);
    signature.initSign(rsa);
    signature.update(MESSAGE);

    Signature others = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
    others.setParameter(PSS_384);
    assertTrue(verifies(others, rsa, MESSAGE, signature.sign()));
  }

  @Test
  void pssWithAnotherSaltIsRefusedSayingWhatIsAllowed() throws Exception {
    Signature signature = ours("RSASSA-PSS");
    signature.initSign(rsa);
    InvalidAlgorithmParameterException refused =
        assertThrows(
            InvalidAlgorithmParameterException.class, () -> signature.setParameter(ODD_SALT));
    Room.assertSays("salt of 32 bytes", refused);

    Signature first = ours("RSASSA-PSS");
    first.setParameter(ODD_SALT); // a key of others may follow
    InvalidKeyException later = assertThrows(InvalidKeyException.class, () -> first.initSign(rsa));
    Room.assertSays("salt of 32 bytes", later);
  }

  @Test
  void parametersThatNobodyTakesAreRefusedAtOnce() throws Exception {
    Signature pss = ours("RSASSA-PSS");
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () ->
            pss.setParameter(
                new PSSParameterSpec("SHA-256", "MGF2", MGF1ParameterSpec.SHA256, 32, 1)));
    Signature pkcs1 = ours("SHA256withRSA");
    assertThrows(InvalidAlgorithmParameterException.class, () -> pkcs1.setParameter(PSS_256));
  }

  @Test
  void pssWithAnotherMgfHashIsRefused() throws Exception {
    Signature signature = ours("RSASSA-PSS");
    signature.initSign(rsa);
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () ->
            signature.setParameter(
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA1, 32, 1)));
  }

  @Test
  void pssWithoutParametersDoesNotSign() throws Exception {
    Signature signature = ours("RSASSA-PSS");
    signature.initSign(rsa);
    assertThrows(SignatureException.class, () -> signature.update(MESSAGE));
  }

  @Test
  void pssParametersCanBeAskedForAtAnyTime() throws Exception {
    Signature signature = ours("RSASSA-PSS");
    assertNull(signature.getParameters());
    signature.setParameter(PSS_384);
    assertEquals(
        48, signature.getParameters().getParameterSpec(PSSParameterSpec.class).getSaltLength());
    signature.initSign(rsa);
    assertEquals("RSASSA-PSS", signature.getParameters().getAlgorithm());
  }

  @Test
  void pssNamesWithAHashHaveItsParameters() throws Exception {
    for (String hash : List.of("SHA256", "SHA384", "SHA512")) {
      byte[] signature = sign(hash + "withRSAandMGF1", rsa, MESSAGE);
      Signature others = Signature.getInstance(hash + "withRSAandMGF1", new BouncyCastleProvider());
      assertTrue(verifies(others, rsa, MESSAGE, signature), hash);
    }
  }

  @Test
  void foreignKeysWorkThroughAnotherProviderBecauseOursMayHaveBeenChosenBefore() throws Exception {
    for (String kind : List.of("RSA", "EC", "Ed25519")) {
      KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
      Signature signature = ours(kind.equals("Ed25519") ? kind : "SHA256with" + named(kind));
      signature.initSign(pair.getPrivate(), new SecureRandom());
      signature.update(MESSAGE[0]);
      signature.update(MESSAGE);
      byte[] bytes = signature.sign();

      signature.initVerify(pair.getPublic());
      signature.update(MESSAGE[0]);
      signature.update(MESSAGE);
      assertTrue(signature.verify(bytes), kind);
      signature.update(MESSAGE);
      assertFalse(signature.verify(bytes), kind);
    }
  }

  private static String named(String kind) {
    return kind.equals("EC") ? "ECDSA" : kind;
  }

  @Test
  void ourPublicKeysVerifyWhereOursWasChosen() throws Exception {
    Signature signature = ours("SHA256withRSA");
    assertTrue(verifies(signature, rsa, MESSAGE, sign("SHA256withRSA", rsa, MESSAGE)));
    signature.initSign(rsa);
    assertThrows(SignatureException.class, () -> signature.verify(new byte[256]));
  }

  @Test
  void noKeyAndHandlesOfAnotherKindAreRefused() throws Exception {
    Signature signature = ours("SHA256withRSA");
    assertThrows(InvalidKeyException.class, () -> signature.initSign(null));
    assertThrows(InvalidKeyException.class, () -> signature.initSign(p256));
    assertThrows(SignatureException.class, signature::sign);
  }

  @Test
  void foreignKeysWorkWithPssThroughAnotherProvider() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    Signature signature = ours("RSASSA-PSS");
    signature.setParameter(PSS_256);

    signature.initSign(pair.getPrivate());
    signature.setParameter(ODD_SALT);
    signature.update(MESSAGE);
    byte[] bytes = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(MESSAGE);
    assertTrue(signature.verify(bytes));
    signature.update(new byte[1]);
    assertFalse(signature.verify(bytes));
  }

  @Test
  void aKeyForEncryptionDoesNotSign() throws Exception {
    room.create(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, "oaep");
    PrivateKey key = (PrivateKey) room.key("oaep");
    Signature signature = ours("SHA256withRSA");

    InvalidKeyException refused =
        assertThrows(InvalidKeyException.class, () -> signature.initSign(key));
    Room.assertSays("SIGN_VERIFY", refused);
  }

  @Test
  void aDisabledKeyIsASignatureException() throws Exception {
    KmsPrivateKey key = room.signing(CmkSpec.RSA_3072);
    Signature signature = ours("SHA256withRSA");
    signature.initSign(key);
    room.kms().disableKey(room.provider.caller(), key.arn());

    SignatureException refused = assertThrows(SignatureException.class, signature::sign);
    assertInstanceOf(KmsException.Disabled.class, refused.getCause());
  }

  @Test
  void aSignatureIsReadyForTheNextMessage() throws Exception {
    Signature signature = ours("SHA256withECDSA");
    signature.initSign(p256);
    for (int i = 0; i < 2; i++) {
      byte[] message = MessageDigest.getInstance("SHA-256").digest(new byte[i]);
      signature.update(message);
      Signature others = Signature.getInstance("SHA256withECDSA", "SunEC");
      assertTrue(verifies(others, p256, message, signature.sign()));
    }
  }
}
