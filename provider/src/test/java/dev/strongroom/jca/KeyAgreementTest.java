// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.interfaces.XECKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyAgreementTest {
  private static final Provider BC = new BouncyCastleProvider();
  private static final Provider SUN_EC = Security.getProvider("SunEC");

  private static Room room;
  private static KmsPrivateKey p256;
  private static KmsPrivateKey p521;
  private static KmsPrivateKey x25519;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    p256 = agreeing(CmkSpec.ECC_NIST_P256);
    p521 = agreeing(CmkSpec.ECC_NIST_P521);
    x25519 = agreeing(CmkSpec.X25519);
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static KmsPrivateKey agreeing(CmkSpec spec) throws Exception {
    String alias = "agree-" + spec.name();
    room.create(spec, KeyUsage.KEY_AGREEMENT, alias);
    return (KmsPrivateKey) room.key(alias);
  }

  private static KeyPair pair(String algorithm, String curve, Provider provider) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, provider);
    AlgorithmParameterSpec parameters =
        algorithm.equals("EC") ? new ECGenParameterSpec(curve) : new NamedParameterSpec(curve);
    generator.initialize(parameters);
    return generator.generateKeyPair();
  }

  private static KeyAgreement ours(String name, KmsPrivateKey key, PublicKey theirs)
      throws Exception {
    KeyAgreement agreement = KeyAgreement.getInstance(name, room.provider);
    agreement.init(key);
    agreement.doPhase(theirs, true);
    return agreement;
  }

  private static byte[] theirs(String name, KeyPair pair, KmsPrivateKey key, Provider provider)
      throws Exception {
    KeyAgreement agreement = KeyAgreement.getInstance(name, provider);
    agreement.init(pair.getPrivate());
    agreement.doPhase(key.publicKey(), true);
    return agreement.generateSecret();
  }

  @ParameterizedTest
  @CsvSource({"ECC_NIST_P256, secp256r1", "ECC_NIST_P384, secp384r1", "ECC_NIST_P521, secp521r1"})
  void ecdhAgreesWithTheJdkAndWithBouncyCastle(CmkSpec spec, String curve) throws Exception {
    KmsPrivateKey key = spec == CmkSpec.ECC_NIST_P384 ? agreeing(spec) : known(spec);
    for (Provider provider : List.of(SUN_EC, BC)) {
      KeyPair pair = pair("EC", curve, provider);
      byte[] secret = ours("ECDH", key, pair.getPublic()).generateSecret();
      assertArrayEquals(theirs("ECDH", pair, key, provider), secret);
      assertEquals((spec.bits() + 7) / 8, secret.length);
    }
  }

  private static KmsPrivateKey known(CmkSpec spec) {
    return spec == CmkSpec.ECC_NIST_P256 ? p256 : p521;
  }

  @Test
  void secp256k1AgreesWithBouncyCastle() throws Exception {
    KmsPrivateKey key = agreeing(CmkSpec.ECC_SECG_P256K1);
    KeyPair pair = pair("EC", "secp256k1", BC);
    assertArrayEquals(
        theirs("ECDH", pair, key, BC), ours("ECDH", key, pair.getPublic()).generateSecret());
  }

  @Test
  void x25519AgreesWithTheJdkAndWithBouncyCastleUnderEachName() throws Exception {
    for (String name : List.of("XDH", "X25519", "1.3.101.110", "OID.1.3.101.110")) {
      KeyPair jdk = pair("XDH", "X25519", SUN_EC);
      assertArrayEquals(
          theirs("XDH", jdk, x25519, SUN_EC),
          ours(name, x25519, jdk.getPublic()).generateSecret(),
          name);
    }
    KeyPair bc = pair("X25519", "X25519", BC);
    assertArrayEquals(
        theirs("X25519", bc, x25519, BC), ours("XDH", x25519, bc.getPublic()).generateSecret());
  }

  @Test
  void anX25519HandleTellsItsCurve() {
    XECKey key = assertInstanceOf(XECKey.class, x25519);
    assertEquals("X25519", ((NamedParameterSpec) key.getParams()).getName());
    assertEquals("XDH", x25519.getAlgorithm());
    assertEquals("XDH", x25519.publicKey().getAlgorithm());
  }

  @Test
  void jcaItselfChoosesOursForAHandle() throws Exception {
    Security.addProvider(room.provider);
    try {
      KeyPair pair = pair("EC", "secp256r1", SUN_EC);
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(p256);
      assertEquals(room.provider, agreement.getProvider());
      agreement.doPhase(pair.getPublic(), true);
      assertArrayEquals(theirs("ECDH", pair, p256, SUN_EC), agreement.generateSecret());
    } finally {
      Security.removeProvider(room.provider.getName());
    }
  }

  @Test
  void theSecretBecomesAKey() throws Exception {
    PublicKey theirs = pair("EC", "secp521r1", SUN_EC).getPublic();
    byte[] raw = ours("ECDH", p521, theirs).generateSecret();

    SecretKey premaster = ours("ECDH", p521, theirs).generateSecret("TlsPremasterSecret");
    assertArrayEquals(raw, premaster.getEncoded());
    assertEquals("TlsPremasterSecret", premaster.getAlgorithm());
    SecretKey aes = ours("ECDH", p521, theirs).generateSecret("AES");
    assertArrayEquals(Arrays.copyOf(raw, 32), aes.getEncoded());
    assertThrows(
        NoSuchAlgorithmException.class, () -> ours("ECDH", p521, theirs).generateSecret(""));
  }

  @Test
  void aSecretIsGivenOnceAndIntoABufferOfItsSize() throws Exception {
    PublicKey theirs = pair("EC", "secp256r1", SUN_EC).getPublic();
    KeyAgreement agreement = ours("ECDH", p256, theirs);
    assertThrows(ShortBufferException.class, () -> agreement.generateSecret(new byte[31], 0));
    assertEquals(32, agreement.generateSecret(new byte[33], 1));
    assertThrows(IllegalStateException.class, agreement::generateSecret);
    agreement.doPhase(theirs, true);
    assertEquals(32, agreement.generateSecret().length);
  }

  @Test
  void keysOfAnotherCurveKindOrUseAreRefused() throws Exception {
    List<PublicKey> wrong =
        List.of(
            pair("EC", "secp384r1", SUN_EC).getPublic(),
            pair("EC", "secp256k1", BC).getPublic(),
            x25519.publicKey(),
            KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic());
    for (PublicKey publicKey : wrong) {
      InvalidKeyException refused =
          assertThrows(InvalidKeyException.class, () -> ours("ECDH", p256, publicKey));
      Room.assertSays("ECC_NIST_P256", refused);
    }
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", room.provider);
    KmsPrivateKey signing = room.signing(CmkSpec.ECC_NIST_P256);
    Room.assertSays(
        "KEY_AGREEMENT", assertThrows(InvalidKeyException.class, () -> agreement.init(signing)));
    assertThrows(InvalidKeyException.class, () -> agreement.init(x25519));
    assertThrows(
        InvalidAlgorithmParameterException.class,
        () -> agreement.init(p256, NamedParameterSpec.X25519));
  }

  @Test
  void aPointThatIsNotOnTheCurveIsRefusedAndRecorded() throws Exception {
    byte[] encoded = pair("EC", "secp256r1", SUN_EC).getPublic().getEncoded();
    encoded[encoded.length - 1] ^= 1;

    assertThrows(
        KmsException.Validation.class,
        () ->
            room.kms()
                .deriveSharedSecret(
                    p256.caller(), p256.arn(), KeyAgreementAlgorithm.ECDH, encoded));

    String trail = room.kms().lookupEvents(p256.caller(), AuditQuery.newest(3)).toString();
    assertTrue(trail.contains("DeriveSharedSecret"), trail);
  }

  @Test
  void anX25519PointOfSmallOrderIsRefused() {
    byte[] encoded = x25519.publicKey().getEncoded();
    Arrays.fill(encoded, encoded.length - 32, encoded.length, (byte) 0);
    assertThrows(
        KmsException.Validation.class,
        () ->
            room.kms()
                .deriveSharedSecret(
                    x25519.caller(), x25519.arn(), KeyAgreementAlgorithm.X25519, encoded));
  }

  @Test
  void aKeyThatAgreesDoesNotSignAndAnotherAlgorithmIsNotItsOwn() {
    assertThrows(
        InvalidKeyException.class,
        () -> java.security.Signature.getInstance("SHA256withECDSA", room.provider).initSign(p256));
    assertThrows(
        KmsException.InvalidKeyUsage.class,
        () ->
            room.kms()
                .deriveSharedSecret(
                    p256.caller(),
                    p256.arn(),
                    KeyAgreementAlgorithm.X25519,
                    x25519.publicKey().getEncoded()));
  }

  @Test
  void foreignKeysArePassedOn() throws Exception {
    KeyPair mine = pair("EC", "secp256r1", SUN_EC);
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", room.provider);
    agreement.init(mine.getPrivate());
    agreement.doPhase(p256.publicKey(), true);
    assertArrayEquals(
        ours("ECDH", p256, mine.getPublic()).generateSecret(), agreement.generateSecret());
  }
}
