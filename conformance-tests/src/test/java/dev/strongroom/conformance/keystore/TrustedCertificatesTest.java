// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsLoadStoreParameter;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.NewAccessKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trusted certificates of an account, through its KeyStores. */
class TrustedCertificatesTest {
  /** The machine may be busy with other things; what is usual is printed. */
  private static final long LATEST_MILLIS = 10_000;

  private final Path folder;
  private KmsHome home;
  private TestCa ca;

  TrustedCertificatesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void open() throws Exception {
    home = KmsHome.in(folder.resolve("home"));
    ca = TestCa.ec();
  }

  @AfterEach
  void close() {
    home.close();
  }

  @Test
  void aTrustedCertificateIsAnEntryLikeInOtherKeyStores() throws Exception {
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    KeyStore keyStore = home.keyStore();
    keyStore.setCertificateEntry("my root [2026]", ca.root());

    assertEquals(List.of("app", "my root [2026]"), Collections.list(keyStore.aliases()));
    assertEquals(2, keyStore.size());
    assertTrue(keyStore.containsAlias("my root [2026]"));
    assertTrue(keyStore.isCertificateEntry("my root [2026]"));
    assertFalse(keyStore.isKeyEntry("my root [2026]"));
    assertFalse(keyStore.isCertificateEntry("app"));
    assertEquals(ca.root(), keyStore.getCertificate("my root [2026]"));
    assertNull(keyStore.getCertificateChain("my root [2026]"));
    assertEquals("my root [2026]", keyStore.getCertificateAlias(ca.root()));
    assertNotNull(keyStore.getCreationDate("my root [2026]"));
    assertNull(keyStore.getKey("my root [2026]", null));
    assertTrue(keyStore.entryInstanceOf("my root [2026]", KeyStore.TrustedCertificateEntry.class));
    assertEquals(
        ca.root(),
        assertInstanceOf(
                KeyStore.TrustedCertificateEntry.class, keyStore.getEntry("my root [2026]", null))
            .getTrustedCertificate());
  }

  @Test
  void entriesAreReplacedDeletedAndThereAfterTheNextStart() throws Exception {
    KeyStore keyStore = home.keyStore();
    keyStore.setEntry("ca", new KeyStore.TrustedCertificateEntry(ca.root()), null);
    keyStore.setCertificateEntry("ca", ca.intermediate());
    home.close();
    home = KmsHome.in(folder.resolve("home"));
    assertEquals(ca.intermediate(), home.keyStore().getCertificate("ca"));

    KeyStore again = home.keyStore();
    again.deleteEntry("ca");
    assertFalse(again.containsAlias("ca"));
    assertEquals(0, again.size());
    assertThrows(KeyStoreException.class, () -> again.deleteEntry("ca"));
  }

  @Test
  void aNameIsAKeysOrACertificates() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "web", ca, "localhost");
    KeyStore keyStore = home.keyStore();
    for (String key : List.of("web", "alias/web", home.privateKey("web").arn().text())) {
      assertThrows(KeyStoreException.class, () -> keyStore.setCertificateEntry(key, ca.root()));
    }
    keyStore.setCertificateEntry("ca", ca.root());
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    Key app = keyStore.getKey("app", null);
    assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("ca", app, null, null));

    // The KMS knows nothing of the names of KeyStores: a key of that name goes before.
    home.kms().createAlias(home.root(), new Alias("alias/ca"), home.privateKey("web").arn());
    assertTrue(keyStore.isKeyEntry("ca"));
    assertFalse(keyStore.isCertificateEntry("ca"));
    assertEquals(3, keyStore.size());
    home.kms().deleteAlias(home.root(), new Alias("alias/ca"));
    assertTrue(keyStore.isCertificateEntry("ca"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "line\nfeed", "alias/other", "arn:aws:kms:x"})
  void otherNamesAreRefused(String name) throws Exception {
    KeyStore keyStore = home.keyStore();
    assertThrows(KeyStoreException.class, () -> keyStore.setCertificateEntry(name, ca.root()));
    assertThrows(KeyStoreException.class, () -> keyStore.setCertificateEntry("ok", null));
    assertEquals(0, keyStore.size());
  }

  @Test
  void aPkixTrustManagerTrustsThemAndNobodyElse() throws Exception {
    KeyStore keyStore = home.keyStore();
    List<X509Certificate> chain = home.certified(CmkSpec.ECC_NIST_P256, "web", ca, "localhost");
    X509Certificate[] presented = chain.toArray(new X509Certificate[0]);
    TestCa stranger = TestCa.rsa();
    keyStore.setCertificateEntry("stranger", stranger.root());
    KeyStore onlyStrangers = KeyStore.getInstance("KMS", home.provider());
    onlyStrangers.load(KmsLoadStoreParameter.ofSettings().withAliases("stranger"));
    assertThrows(
        CertificateException.class,
        () -> trustManager(onlyStrangers).checkServerTrusted(presented, "UNKNOWN"));

    keyStore.setCertificateEntry("root", ca.root());
    trustManager(keyStore).checkServerTrusted(presented, "UNKNOWN");
    keyStore.deleteEntry("root");
    keyStore.deleteEntry("web");
    KeyStore cas = KeyStore.getInstance("KMS", home.provider());
    cas.load(KmsLoadStoreParameter.ofSettings().withAliases("stra*"));
    assertThrows(
        CertificateException.class,
        () -> trustManager(cas).checkServerTrusted(presented, "UNKNOWN"));
  }

  private static X509TrustManager trustManager(KeyStore keyStore) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(keyStore);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  @Test
  void anInactiveAccessKeyTrustsNobodyNew() throws Exception {
    NewAccessKey access = home.kms().iam().createAccessKey(home.root(), "");
    KeyStore keyStore = KeyStore.getInstance("KMS", home.provider());
    keyStore.load(null, (access.accessKeyId() + ":" + new String(access.secret())).toCharArray());
    home.keyStore().setCertificateEntry("before", ca.root());
    home.kms().iam().updateAccessKey(home.root(), "", access.accessKeyId(), false);

    home.keyStore().setCertificateEntry("late", ca.root());
    assertEquals(List.of("before"), Collections.list(keyStore.aliases()));
    assertThrows(KeyStoreException.class, () -> keyStore.setCertificateEntry("mine", ca.root()));
    assertThrows(KeyStoreException.class, () -> keyStore.deleteEntry("before"));
    home.keyStore().deleteEntry("before");
    assertEquals(List.of(), Collections.list(keyStore.aliases()));

    home.kms().iam().updateAccessKey(home.root(), "", access.accessKeyId(), true);
    assertEquals(List.of("late"), Collections.list(keyStore.aliases()));
  }

  @Test
  void otherProcessesSeeAChange() throws Exception {
    // Other settings, so another engine: what another process would have.
    Path settings = Files.writeString(home.folder().resolve("other.properties"), "name=other\n");
    try (StrongroomProvider other =
        (StrongroomProvider) new StrongroomProvider().configure(settings.toString())) {
      assertNotSame(home.kms(), other.kms());
      KeyStore there = KeyStore.getInstance("KMS", other);
      there.load(null, null);
      KeyStore here = home.keyStore();
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        here.setCertificateEntry("ca", ca.root());
        millis.add(millisUntil(() -> there.isCertificateEntry("ca")));
        here.deleteEntry("ca");
        millis.add(millisUntil(() -> !there.containsAlias("ca")));
      }
      System.out.println("figure: trusted certificate seen by another engine after ms: " + millis);
    }
  }

  private static long millisUntil(Callable<Boolean> seen) throws Exception {
    long start = System.nanoTime();
    long millis = 0;
    while (!seen.call()) {
      assertTrue(millis < LATEST_MILLIS, "not seen");
      Thread.sleep(1);
      millis = (System.nanoTime() - start) / 1_000_000;
    }
    return millis;
  }

  @Test
  void changesAreRecordedAndNotForEverybody() throws Exception {
    home.kms().iam().createUser(home.root(), "app", null);
    NewAccessKey access = home.kms().iam().createAccessKey(home.root(), "app");
    Caller app = home.kms().authenticate(access.accessKeyId(), access.secret());
    assertThrows(
        KmsException.AccessDenied.class,
        () -> home.kms().putTrustedCertificate(app, "ca", ca.root()));
    home.keyStore().setCertificateEntry("ca", ca.root());
    assertArrayEquals(
        new Object[] {"ca"}, home.kms().listTrustedCertificates(home.root()).keySet().toArray());
    assertThrows(
        KmsException.AccessDenied.class, () -> home.kms().deleteTrustedCertificate(app, "ca"));
    home.keyStore().deleteEntry("ca");

    List<String> recorded =
        home.kms().lookupEvents(home.root(), AuditQuery.newest(100)).stream()
            .filter(record -> record.eventName().endsWith("TrustedCertificate"))
            .map(
                record ->
                    record.eventName()
                        + " "
                        + record.parameters().get("certificateName")
                        + " "
                        + record.errorCode().orElse("done"))
            .toList();
    assertEquals(
        List.of(
            "PutTrustedCertificate ca AccessDeniedException",
            "PutTrustedCertificate ca done",
            "DeleteTrustedCertificate ca AccessDeniedException",
            "DeleteTrustedCertificate ca done"),
        recorded);
  }
}
