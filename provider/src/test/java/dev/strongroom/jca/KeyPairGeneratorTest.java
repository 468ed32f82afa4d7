// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.Tag;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPairGeneratorTest {
  private final Room room = new Room();

  @AfterEach
  void close() {
    room.close();
  }

  private KeyPairGenerator generator(String name) throws NoSuchAlgorithmException {
    return KeyPairGenerator.getInstance(name, room.provider);
  }

  private static KeyMetadata metadata(KeyPair pair) {
    return assertInstanceOf(KmsPrivateKey.class, pair.getPrivate()).metadata();
  }

  @ParameterizedTest
  @CsvSource({
    "KmsRSA, RSA_3072, SHA256withRSA, SunRsaSign",
    "KmsEC, ECC_NIST_P256, SHA256withECDSA, SunEC",
    "KmsEd25519, ECC_NIST_EDWARDS25519, Ed25519, SunEC"
  })
  void aPairIsAKeyOfTheKmsThatSigns(String name, CmkSpec spec, String algorithm, String verifier)
      throws Exception {
    KeyPair pair = generator(name).generateKeyPair();
    byte[] message = "message".getBytes(StandardCharsets.UTF_8);
    Signature signature = Signature.getInstance(algorithm, room.provider);
    signature.initSign(pair.getPrivate());
    signature.update(message);
    byte[] signed = signature.sign();

    Signature theirs = Signature.getInstance(algorithm, verifier);
    theirs.initVerify(pair.getPublic());
    theirs.update(message);
    assertTrue(theirs.verify(signed));
    assertEquals(spec, metadata(pair).spec());
    assertEquals(KeyUsage.SIGN_VERIFY, metadata(pair).usage());
    assertTrue(room.keyStore().containsAlias(metadata(pair).keyId().text()));
  }

  @ParameterizedTest
  @CsvSource({
    "KmsRSA, 2048, RSA_2048",
    "KmsEC, 384, ECC_NIST_P384",
    "KmsEd25519, 255, ECC_NIST_EDWARDS25519"
  })
  void aSizeChooses(String name, int bits, CmkSpec spec) throws Exception {
    KeyPairGenerator generator = generator(name);
    generator.initialize(bits);
    assertEquals(spec, metadata(generator.generateKeyPair()).spec());
  }

  @ParameterizedTest
  @CsvSource({
    "KmsX25519, , X25519, KEY_AGREEMENT",
    "KmsX25519, X25519, X25519, KEY_AGREEMENT",
    "KmsML-DSA, , ML_DSA_65, SIGN_VERIFY",
    "KmsML-DSA, ML-DSA-44, ML_DSA_44, SIGN_VERIFY",
    "KmsML-DSA, ML-DSA-87, ML_DSA_87, SIGN_VERIFY",
    "KmsML-KEM, , ML_KEM_768, KEY_ENCAPSULATION",
    "KmsML-KEM, ML-KEM-1024, ML_KEM_1024, KEY_ENCAPSULATION"
  })
  void keysForAgreementAndOfLatticesAreMadeByName(
      String name, @Nullable String parameters, CmkSpec spec, KeyUsage usage) throws Exception {
    KeyPairGenerator generator = generator(name);
    if (parameters != null) {
      generator.initialize(new NamedParameterSpec(parameters));
    }
    KeyPair pair = generator.generateKeyPair();
    assertEquals(spec, metadata(pair).spec());
    assertEquals(usage, metadata(pair).usage());
    assertEquals("X.509", pair.getPublic().getFormat());
    assertArrayEquals(
        room.kms().getPublicKey(room.provider.caller(), metadata(pair).arn()).publicKey(),
        pair.getPublic().getEncoded());
    assertThrows(InvalidParameterException.class, () -> generator.initialize(192));
  }

  @Test
  void theJdksParametersChoose() throws Exception {
    record Choice(String name, AlgorithmParameterSpec parameters, CmkSpec spec) {}
    for (Choice choice :
        List.of(
            new Choice(
                "KmsRSA",
                new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4),
                CmkSpec.RSA_2048),
            new Choice("KmsEC", new ECGenParameterSpec("secp521r1"), CmkSpec.ECC_NIST_P521),
            new Choice("KmsEC", new ECGenParameterSpec("NIST P-384"), CmkSpec.ECC_NIST_P384),
            new Choice("KmsEC", new ECGenParameterSpec("secp256k1"), CmkSpec.ECC_SECG_P256K1),
            new Choice("KmsEd25519", NamedParameterSpec.ED25519, CmkSpec.ECC_NIST_EDWARDS25519))) {
      KeyPairGenerator generator = generator(choice.name());
      generator.initialize(choice.parameters());
      assertEquals(choice.spec(), metadata(generator.generateKeyPair()).spec());
    }
  }

  @Test
  void ourParametersSayEverything() throws Exception {
    KeyPairGenerator generator = generator("KmsRSA");
    generator.initialize(
        KmsKeySpec.of(CmkSpec.RSA_2048, "web")
            .withDescription("www")
            .withUsage(KeyUsage.ENCRYPT_DECRYPT)
            .withTags(Map.of("team", "web"))
            .withProtectionLevel(ProtectionLevel.SOFTWARE));
    KeyMetadata made = metadata(generator.generateKeyPair());

    assertEquals("www", made.description());
    assertEquals(KeyUsage.ENCRYPT_DECRYPT, made.usage());
    assertEquals(made.arn(), ((KmsPrivateKey) room.key("web")).arn());
    assertEquals(
        List.of(new Tag("team", "web")),
        room.kms().listResourceTags(room.provider.caller(), made.arn(), null, 10).items());
    ProviderException taken = assertThrows(ProviderException.class, generator::generateKeyPair);
    assertInstanceOf(KmsException.AlreadyExists.class, taken.getCause());
  }

  @Test
  void whatIsNotMadeIsRefused() throws Exception {
    KeyPairGenerator rsa = generator("KmsRSA");
    assertThrows(InvalidParameterException.class, () -> rsa.initialize(1024));
    for (AlgorithmParameterSpec parameters :
        List.of(
            new RSAKeyGenParameterSpec(2048, BigInteger.valueOf(3)),
            new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F4),
            new ECGenParameterSpec("secp256r1"),
            KmsKeySpec.of(CmkSpec.ECC_NIST_P256),
            new DataKeyParameters())) {
      assertThrows(InvalidAlgorithmParameterException.class, () -> rsa.initialize(parameters));
    }
    assertThrows(IllegalArgumentException.class, () -> KmsKeySpec.of(CmkSpec.HMAC_256));
    assertThrows(
        IllegalArgumentException.class, () -> KmsKeySpec.of(CmkSpec.RSA_2048, "arn:aws:kms:x"));
  }

  private static final class DataKeyParameters implements AlgorithmParameterSpec {}

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "EdDSA", "Ed25519"})
  void commonNamesAreNeverOurs(String name) throws Exception {
    Security.insertProviderAt(room.provider, 1);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(name);
      assertNotSame(room.provider, generator.getProvider());
      KeyPair pair = generator.generateKeyPair();
      assertNotSame(room.provider, generator.getProvider());
      assertTrue(pair.getPrivate().getEncoded().length > 0);
      assertNull(room.provider.getService("KeyPairGenerator", name));
    } finally {
      Security.removeProvider(room.provider.getName());
    }
    assertThrows(NoSuchAlgorithmException.class, () -> generator(name));
  }
}
