// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.conformance.jca.Handshake;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One KeyStore with a good CMK and others that are disabled or that the HSM cannot use: each fails
 * alone. A store of which rows were altered is refused as a whole.
 */
class BrokenCmkTest {
  private static final long NOTICED_NANOS = 30_000_000_000L;

  private final SoftHsmToken token;
  private final Path folder;
  private final TestCa ca;
  private KmsHome home;

  BrokenCmkTest(@TempDir Path folder) throws Exception {
    token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token"))).select();
    this.folder = Files.createDirectory(folder.resolve("home"));
    ca = TestCa.ec();
  }

  @BeforeEach
  void make() throws Exception {
    Path settings = folder.resolve("strongroom.properties");
    Files.writeString(settings, "hsm=" + token.setting() + "\n");
    KmsSetup.init(KmsConfig.fromFile(settings));
    try (KmsHome made = KmsHome.in(folder)) {
      made.certified(CmkSpec.ECC_NIST_P256, "good", ca, "localhost");
      made.certified(CmkSpec.ECC_NIST_P256, "disabled", ca, "localhost");
      made.certified(CmkSpec.RSA_2048, "unusable", ca, "localhost");
      made.certified(CmkSpec.ECC_NIST_P256, "altered", ca, "localhost");
      made.kms().disableKey(made.root(), new Alias("alias/disabled"));
    }
    token.withoutMechanisms("CKM_RSA_PKCS", "CKM_RSA_PKCS_PSS");
    home = KmsHome.in(folder);
    Security.addProvider(home.provider());
  }

  @AfterEach
  void uninstall() {
    Security.removeProvider(home.provider().getName());
    home.close();
  }

  private static Set<String> aliases(KeyStore keyStore) throws Exception {
    return new TreeSet<>(Collections.list(keyStore.aliases()));
  }

  private static byte[] sign(String algorithm, KmsPrivateKey key) throws Exception {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    return signature.sign();
  }

  private void assertShakes(KeyManager[] keys) throws Exception {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      String shaken = Handshake.shake(protocol, keys, ca.intermediate());
      assertTrue(shaken.startsWith(protocol + " ok"), shaken);
    }
  }

  @Test
  void theOthersAreListedAndOpened() throws Exception {
    KeyStore keyStore = home.keyStore();

    assertEquals(Set.of("altered", "good", "unusable"), aliases(keyStore));
    assertNull(keyStore.getKey("disabled", null));
    assertNull(keyStore.getCertificateChain("disabled"));
    assertTrue(keyStore.isKeyEntry("unusable"));
    KmsPrivateKey unusable = (KmsPrivateKey) keyStore.getKey("unusable", null);
    SignatureException failure =
        assertThrows(SignatureException.class, () -> sign("SHA256withRSA", unusable));
    assertTrue(failure.getCause() instanceof KmsException, failure.toString());
    assertTrue(sign("SHA256withECDSA", (KmsPrivateKey) keyStore.getKey("good", null)).length > 60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SunX509", "PKIX"})
  void tlsChoosesAmongTheOthers(String algorithm) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm);
    factory.init(home.keyStore(), null);

    assertShakes(factory.getKeyManagers());
  }

  /** What else was altered cannot be told, nor which rights were taken away meanwhile. */
  @Test
  void keysInUseAreRefusedOnceARowIsFoundAltered() throws Exception {
    KeyStore keyStore = home.keyStore();
    KmsPrivateKey good = (KmsPrivateKey) keyStore.getKey("good", null);
    sign("SHA256withECDSA", good);

    alterToken();
    SignatureException failure = awaitRefusal(good);

    assertTrue(failure.getCause() instanceof KmsException.StoreTampered, failure.toString());
    IOException refused = assertThrows(IOException.class, home::keyStore);
    assertTrue(refused.toString().contains("altered outside this KMS"), refused.toString());
    assertEquals(Set.of("altered", "good", "unusable"), aliases(keyStore));
  }

  @Test
  void theAlteredKeyItselfIsNotOpened() throws Exception {
    KeyStore keyStore = home.keyStore();

    alterToken();

    UnrecoverableKeyException refused =
        assertThrows(UnrecoverableKeyException.class, () -> keyStore.getKey("altered", null));
    assertTrue(refused.getCause() instanceof KmsException.StoreTampered, refused.toString());
  }

  private static SignatureException awaitRefusal(KmsPrivateKey key) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < NOTICED_NANOS) {
      try {
        sign("SHA256withECDSA", key);
      } catch (SignatureException e) {
        return e;
      }
    }
    throw new AssertionError("the altered row was not noticed");
  }

  private void alterToken() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        Statement statement = connection.createStatement()) {
      assertEquals(
          1,
          statement.executeUpdate(
              "UPDATE key_token SET token = zeroblob(100) WHERE key_id ="
                  + " (SELECT key_id FROM alias WHERE name = 'alias/altered')"));
    }
  }
}
