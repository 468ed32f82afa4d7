// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.jca.Handshake;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.service.KmsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A KeyStore of 10,000 CMKs, 100 of them with certificates. */
class ManyCmksTest {
  private static final int SYMMETRIC = 9_900;
  private static final int CERTIFIED = 100;
  private static final int ALL = SYMMETRIC + CERTIFIED;

  private static KmsHome home;
  private static KeyStore keyStore;
  private static TestCa ca;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    ca = TestCa.ec();
    home = KmsHome.in(folder);
    try (ManyCmks others = new ManyCmks(KmsConfig.fromFile(home.settings()))) {
      others.make(SYMMETRIC, CmkSpec.SYMMETRIC_DEFAULT, "s", key -> List.of());
      others.make(CERTIFIED, CmkSpec.ECC_NIST_P256, "web", ManyCmksTest::chain);
    }
    keyStore = home.keyStore();
    Security.addProvider(home.provider());
  }

  private static List<DerCertificate> chain(byte[] publicKey) {
    try {
      X509EncodedKeySpec spec = new X509EncodedKeySpec(publicKey);
      return ca
          .issue(KeyFactory.getInstance("EC").generatePublic(spec), "CN=localhost", "localhost")
          .stream()
          .map(ManyCmksTest::der)
          .toList();
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static DerCertificate der(X509Certificate certificate) {
    try {
      return new DerCertificate(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void close() {
    if (home != null) {
      Security.removeProvider(home.provider().getName());
      home.close();
    }
  }

  @Test
  void aliasesAreListedInLessThanAMillisecond() throws Exception {
    assertEquals(ALL, Collections.list(keyStore.aliases()).size());

    long[] nanos = new long[200];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      keyStore.aliases();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);

    assertTrue(nanos[nanos.length / 2] < 1_000_000, nanos[nanos.length / 2] + " ns");
  }

  @Test
  void changesAreShownAtOnce() throws Exception {
    Alias more = new Alias("alias/a-first-one");
    home.kms().createAlias(home.root(), more, new Alias("alias/s7"));

    assertEquals("a-first-one", keyStore.aliases().nextElement());
    assertEquals(ALL + 1, keyStore.size());
    home.kms().deleteAlias(home.root(), more);
    assertFalse(keyStore.containsAlias("a-first-one"));
    assertEquals(ALL, keyStore.size());
  }

  @Test
  void handshakesReadNoRow() throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keyStore, null);
    KeyManager[] keys = factory.getKeyManagers();
    Handshake.shake("TLSv1.3", keys, ca.intermediate());
    try (StoreAccesses accesses = StoreAccesses.count()) {
      for (int i = 0; i < 20; i++) {
        String shaken = Handshake.shake("TLSv1.3", keys, ca.intermediate());
        assertTrue(shaken.startsWith("TLSv1.3 ok"), shaken);
      }
      assertEquals(List.of(), accesses.seen());
      home.kms().listKeys(home.root(), null, 10);
      assertEquals(1, accesses.seen().size());
    }
  }
}
