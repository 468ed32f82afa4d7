// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.conformance.hsm.Spy;
import dev.strongroom.conformance.jca.Handshake;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an HSM is asked for in a handshake, as a spy between it and us sees it. */
class HandshakeCallsTest {
  private static final int HANDSHAKES = 10;

  @Test
  void aHandshakeAsksTheHsmForItsSignatureAndTheStoreForNothing(@TempDir Path folder)
      throws Exception {
    SoftHsmToken token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token")));
    Spy spy = Spy.before(token, folder);
    Path at = Files.createDirectory(folder.resolve("home"));
    Path settings = at.resolve("strongroom.properties");
    Files.writeString(settings, "hsm=" + spy.setting() + "\n");
    KmsSetup.init(KmsConfig.fromFile(settings));
    TestCa ca = TestCa.ec();
    try (KmsHome home = KmsHome.in(at)) {
      home.certified(CmkSpec.ECC_NIST_P256, "web", ca, "localhost");
      home.create(CmkSpec.ECC_NIST_P256, "without-certificate");
      home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
      Security.addProvider(home.provider());
      try {
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(home.keyStore(), null);
        assertSignsOnly(spy, factory.getKeyManagers(), ca);
      } finally {
        Security.removeProvider(home.provider().getName());
      }
    }
  }

  /** Both sides of a connection sign, with the same key. */
  private static void assertSignsOnly(Spy spy, KeyManager[] keys, TestCa ca) throws Exception {
    Handshake.shake("TLSv1.3", keys, ca.intermediate());
    int before = spy.calls().size();
    List<String> calls;
    try (StoreAccesses accesses = StoreAccesses.count()) {
      for (int i = 0; i < HANDSHAKES; i++) {
        String shaken = Handshake.shake("TLSv1.3", keys, ca.intermediate());
        assertTrue(shaken.startsWith("TLSv1.3 ok"), shaken);
      }
      assertEquals(List.of(), accesses.seen());
      calls = spy.calls();
    }
    List<String> during = calls.subList(before, calls.size());
    assertEquals(Set.of("C_SignInit", "C_Sign"), Set.copyOf(during));
    assertEquals(2 * 2 * HANDSHAKES, during.size(), during.toString());
  }
}
