// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OaepTest {
  private static final byte[] SECRET = new byte[40];
  private static final String SHA_256 = "RSA/ECB/OAEPWithSHA-256AndMGF1Padding";

  private static Room room;
  private static KmsPrivateKey key;

  @BeforeAll
  static void makeKey() throws Exception {
    room = new Room();
    room.create(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, "rsa");
    key = (KmsPrivateKey) room.key("rsa");
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static Cipher ours(String transformation) throws Exception {
    return Cipher.getInstance(transformation, room.provider);
  }

  private static OAEPParameterSpec parameters(String hash, String mgfHash) {
    return new OAEPParameterSpec(
        hash, "MGF1", new MGF1ParameterSpec(mgfHash), PSource.PSpecified.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RSA/ECB/OAEPPadding",
        "RSA/ECB/OAEPWithSHA-1AndMGF1Padding",
        "RSA/ECB/OAEPWithSHA1AndMGF1Padding",
        "RSA/ECB/OAEPWithSHA-224andMGF1Padding",
        "RSA/ECB/OAEPWithSHA-256AndMGF1Padding",
        "rsa/ecb/oaepwithsha-384andmgf1padding",
        "RSA/ECB/OAEPWithSHA-512AndMGF1Padding",
        "RSA/ECB/OAEPWithSHA-512/224AndMGF1Padding",
        "RSA/ECB/OAEPWithSHA-512/256AndMGF1Padding"
      })
  void eachNameMeansWhatItMeansInTheJdk(String transformation) throws Exception {
    Cipher theirs = Cipher.getInstance(transformation, "SunJCE");
    theirs.init(Cipher.ENCRYPT_MODE, key.publicKey());
    Cipher ours = ours(transformation);
    ours.init(Cipher.DECRYPT_MODE, key);

    assertArrayEquals(SECRET, ours.doFinal(theirs.doFinal(SECRET)));
    assertEquals(hashOf(theirs), hashOf(ours));
  }

  private static String hashOf(Cipher cipher) throws Exception {
    OAEPParameterSpec parameters = cipher.getParameters().getParameterSpec(OAEPParameterSpec.class);
    return Hashes.standardName(parameters.getDigestAlgorithm());
  }

  static List<OAEPParameterSpec> everyPair() {
    List<OAEPParameterSpec> all = new ArrayList<>();
    List<String> common = List.of("SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512");
    for (String hash : common) {
      common.forEach(mgfHash -> all.add(parameters(hash, mgfHash)));
    }
    for (String hash : List.of("SHA-512/224", "SHA-512/256")) {
      all.add(parameters(hash, hash));
      common.forEach(mgfHash -> all.add(parameters(hash, mgfHash)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void parametersAreHonouredInBothForms(OAEPParameterSpec parameters) throws Exception {
    Cipher theirs = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
    theirs.init(Cipher.ENCRYPT_MODE, key.publicKey(), parameters);
    byte[] ciphertext = theirs.doFinal(SECRET);

    Cipher ours = ours("RSA/ECB/OAEPPadding");
    ours.init(Cipher.DECRYPT_MODE, key, parameters);
    assertArrayEquals(SECRET, ours.doFinal(ciphertext));
    ours.init(Cipher.DECRYPT_MODE, key, theirs.getParameters());
    assertArrayEquals(SECRET, ours.doFinal(ciphertext));
  }

  @Test
  void otherPairsAndLabelsAreRefusedAtInit() throws Exception {
    Cipher ours = ours(SHA_256);
    List<OAEPParameterSpec> refused =
        List.of(
            parameters("SHA-256", "SHA3-256"),
            parameters("MD5", "SHA-1"),
            new OAEPParameterSpec(
                "SHA-256",
                "MGF1",
                MGF1ParameterSpec.SHA256,
                new PSource.PSpecified(new byte[] {1})));
    for (OAEPParameterSpec parameters : refused) {
      assertThrows(
          InvalidAlgorithmParameterException.class,
          () -> ours.init(Cipher.DECRYPT_MODE, key, parameters));
    }
  }

  @Test
  void keysAreUnwrapped() throws Exception {
    SecretKeySpec secret = new SecretKeySpec(new byte[32], "AES");
    Cipher theirs = Cipher.getInstance(SHA_256, "SunJCE");
    theirs.init(Cipher.WRAP_MODE, key.publicKey());
    byte[] wrapped = theirs.wrap(secret);

    Cipher ours = ours(SHA_256);
    ours.init(Cipher.UNWRAP_MODE, key);
    assertEquals(secret, ours.unwrap(wrapped, "AES", Cipher.SECRET_KEY));
    wrapped[0] ^= 1;
    assertThrows(InvalidKeyException.class, () -> ours.unwrap(wrapped, "AES", Cipher.SECRET_KEY));
  }

  @Test
  void aChangedCiphertextIsBadPaddingAndALongOneIllegalBlockSize() throws Exception {
    Cipher theirs = Cipher.getInstance(SHA_256, "SunJCE");
    theirs.init(Cipher.ENCRYPT_MODE, key.publicKey());
    byte[] ciphertext = theirs.doFinal(SECRET);
    Cipher ours = ours(SHA_256);
    ours.init(Cipher.DECRYPT_MODE, key);

    ciphertext[100] ^= 1;
    assertThrows(BadPaddingException.class, () -> ours.doFinal(ciphertext));
    assertThrows(BadPaddingException.class, () -> ours.doFinal(new byte[255]));
    assertThrows(IllegalBlockSizeException.class, () -> ours.doFinal(new byte[257]));
    ciphertext[100] ^= 1;
    assertArrayEquals(SECRET, ours.doFinal(ciphertext));
  }

  @Test
  void encryptingWithTheHandleAndKeysForSigningAreRefused() throws Exception {
    Cipher ours = ours(SHA_256);
    assertThrows(InvalidKeyException.class, () -> ours.init(Cipher.ENCRYPT_MODE, key));
    KmsPrivateKey signing = room.signing(CmkSpec.RSA_2048);
    assertThrows(InvalidKeyException.class, () -> ours.init(Cipher.DECRYPT_MODE, signing));
  }

  @Test
  void foreignKeysArePassedOn() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Cipher ours = ours(SHA_256);

    ours.init(Cipher.ENCRYPT_MODE, pair.getPublic());
    byte[] ciphertext = ours.doFinal(SECRET);
    ours.init(Cipher.DECRYPT_MODE, pair.getPrivate());
    assertArrayEquals(SECRET, ours.doFinal(ciphertext));
  }
}
