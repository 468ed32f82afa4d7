// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.conformance.jca.Position;
import dev.strongroom.kms.KmsException.HsmUnavailable;
import dev.strongroom.kms.KmsException.StoreUnavailable;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The HSM or the store is away while the process runs: our services say so and nothing takes their
 * place; everybody else's keys work; and when it is back, so do ours.
 */
class OutageTest {
  private static final long NOTICED_NANOS = 10_000_000_000L;

  private static SoftHsmToken token;
  private static KmsHome home;
  private static OrdinaryKeys ordinary;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token"))).select();
    Path at = Files.createDirectory(folder.resolve("home"));
    Path settings = at.resolve("strongroom.properties");
    Files.writeString(settings, "hsm=" + token.setting() + "\n");
    KmsSetup.init(KmsConfig.fromFile(settings));
    home = KmsHome.in(at);
    KmsUses.make(home);
    ordinary = new OrdinaryKeys();
  }

  @AfterAll
  static void close() {
    if (home != null) {
      home.close();
    }
  }

  @AfterEach
  void uninstall() {
    Security.removeProvider(home.provider().getName());
  }

  @ParameterizedTest
  @EnumSource
  void withTheHsmAwayOurKeysFailAndAllOthersWork(Position position) throws Exception {
    position.install(home.provider());
    KmsUses ours = new KmsUses(home);
    ours.sign();
    ours.encrypt("app");
    ours.makeDataKey("app");

    token.takeAway();
    try {
      String said = "HSM";
      KmsUses.assertFails(HsmUnavailable.class, said, ours::sign);
      KmsUses.assertFails(HsmUnavailable.class, said, ours::decryptOaep);
      KmsUses.assertFails(HsmUnavailable.class, said, ours::mac);
      KmsUses.assertFails(HsmUnavailable.class, said, () -> ours.encrypt("fresh"));
      KmsUses.assertFails(HsmUnavailable.class, said, () -> ours.makeDataKey("fresh"));
      KmsUses.assertFails(HsmUnavailable.class, said, ours::makeCmk);
      KmsUses.assertFails(HsmUnavailable.class, said, ours::random);
      ours.encrypt("app"); // its subkey lives on, for minutes
      ours.makeDataKey("app");
      ordinary.assertWork();
    } finally {
      token.bringBack();
    }

    ours.sign();
    ours.decryptOaep();
    ours.mac();
    ours.random();
  }

  @ParameterizedTest
  @EnumSource
  void withTheStoreAwayOurKeysFailAndAllOthersWork(Position position) throws Exception {
    position.install(home.provider());
    KmsUses ours = new KmsUses(home);
    ours.sign();
    ours.encrypt("app");
    int entries = ours.keyStore().size();
    Path store = home.folder().resolve("store.db");
    Path away = home.folder().resolve("away.db");

    Files.move(store, away);
    try {
      String said = store.toString();
      KmsUses.assertFails(StoreUnavailable.class, said, ours::load);
      KmsUses.assertFails(StoreUnavailable.class, said, ours::makeCmk);
      awaitRefusal(ours);
      KmsUses.assertFails(StoreUnavailable.class, said, ours::sign);
      KmsUses.assertFails(StoreUnavailable.class, said, ours::decryptOaep);
      KmsUses.assertFails(StoreUnavailable.class, said, ours::mac);
      KmsUses.assertFails(StoreUnavailable.class, said, () -> ours.encrypt("app"));
      KmsUses.assertFails(StoreUnavailable.class, said, () -> ours.makeDataKey("app"));
      KmsUses.assertFails(StoreUnavailable.class, said, ours::random);
      KmsUses.assertFails(StoreUnavailable.class, said, ours::getKey);
      assertEquals(entries, Collections.list(ours.keyStore().aliases()).size());
      ordinary.assertWork();
    } finally {
      Files.move(away, store);
    }

    awaitSuccess(ours);
    ours.load();
    ours.encrypt("app");
    ours.makeCmk();
  }

  /** What needs no look at the store fails as soon as the outage is noticed. */
  private static void awaitRefusal(KmsUses ours) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < NOTICED_NANOS) {
      try {
        ours.sign();
      } catch (GeneralSecurityException e) {
        return;
      }
      Thread.sleep(5);
    }
    fail("keys in memory are used though changes of the store cannot be seen");
  }

  private static void awaitSuccess(KmsUses ours) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < NOTICED_NANOS) {
      try {
        ours.sign();
        return;
      } catch (GeneralSecurityException e) {
        Thread.sleep(5);
      }
    }
    ours.sign();
  }
}
