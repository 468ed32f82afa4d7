// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.keystore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key that was rotated, in JCA: a private key goes on to fit its public key and certificate. */
class RotatedKeyTest {
  @TempDir private static Path folder;
  private static KmsHome home;
  private static TestCa ca;

  @BeforeAll
  static void open() throws Exception {
    home = KmsHome.in(folder.resolve("home"));
    ca = TestCa.ec();
  }

  @AfterAll
  static void close() {
    home.close();
  }

  private static void rotate(String alias) throws Exception {
    home.kms().rotateKeyOnDemand(home.root(), home.privateKey(alias).arn(), true);
  }

  private static boolean fits(String algorithm, PrivateKey key, PublicKey publicKey)
      throws Exception {
    byte[] message = "rotated".getBytes(StandardCharsets.UTF_8);
    Signature signature = Signature.getInstance(algorithm, home.provider());
    signature.initSign(key);
    signature.update(message);
    byte[] made = signature.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(publicKey);
    verifier.update(message);
    return verifier.verify(made);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, SHA256withRSA",
    "ECC_NIST_P256, SHA256withECDSA",
    "ECC_NIST_EDWARDS25519, Ed25519"
  })
  void anEntryWithACertificateSignsWithWhatTheCertificateIsFor(CmkSpec spec, String algorithm)
      throws Exception {
    String alias = "certified-" + spec;
    home.certified(spec, alias, ca);
    KeyStore before = home.keyStore();
    KmsPrivateKey held = (KmsPrivateKey) before.getKey(alias, null);
    rotate(alias);

    for (KeyStore keyStore : List.of(before, home.keyStore())) {
      PublicKey certified = keyStore.getCertificate(alias).getPublicKey();
      assertTrue(fits(algorithm, (PrivateKey) keyStore.getKey(alias, null), certified));
      assertTrue(fits(algorithm, held, certified));
    }
  }

  @Test
  void anEntryWithoutACertificateIsTheNewestWhenItIsGot() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "bare");
    KmsPrivateKey old = home.privateKey("bare");
    rotate("bare");

    KmsPrivateKey young = home.privateKey("bare");

    assertNotEquals(old, young);
    assertNotEquals(old.publicKey(), young.publicKey());
    assertEquals(young, home.privateKey("bare"));
    assertTrue(fits("SHA256withECDSA", old, old.publicKey()));
    assertTrue(fits("SHA256withECDSA", young, young.publicKey()));
  }

  @Test
  void aCertificateForTheNewMaterialMovesTheEntryOn() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "moving", ca);
    KmsPrivateKey old = home.privateKey("moving");
    rotate("moving");
    KmsPrivateKey newest = (KmsPrivateKey) home.provider().key("alias/moving");
    assertNotEquals(old, newest);

    home.put("moving", ca.issue(newest.publicKey(), "CN=moving"));

    assertEquals(newest, home.privateKey("moving"));
    PublicKey certified = home.keyStore().getCertificate("moving").getPublicKey();
    assertTrue(fits("SHA256withECDSA", home.privateKey("moving"), certified));
    home.put("moving", ca.issue(old.publicKey(), "CN=moving")); // and back, while it has to
    assertEquals(old, home.privateKey("moving"));
  }

  @Test
  void aCertificateForNoGenerationIsRefused() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "other");
    home.create(CmkSpec.ECC_NIST_P256, "mine");
    rotate("mine");
    Certificate[] foreign =
        ca.issue(home.privateKey("other").publicKey(), "CN=other").toArray(new Certificate[0]);
    KeyStore keyStore = home.keyStore();
    KmsPrivateKey mine = home.privateKey("mine");

    assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("mine", mine, null, foreign));
  }
}
