// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsKeyEntry;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.service.NewAccessKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificate chains beside CMKs, put and read through the KeyStore. */
class CertificateChainTest {
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

  private static Certificate[] array(List<X509Certificate> chain) {
    return chain.toArray(new Certificate[0]);
  }

  private static KeyStoreException refused(String alias, KmsPrivateKey key, Certificate... chain)
      throws Exception {
    KeyStore keyStore = home.keyStore();
    return assertThrows(
        KeyStoreException.class, () -> keyStore.setKeyEntry(alias, key, null, chain));
  }

  private static void assertSays(String words, Exception refusal) {
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(words), message);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "RSA_2048",
        "ECC_NIST_P256",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "ECC_NIST_EDWARDS25519"
      })
  void whatWasPutIsReadByEveryMethod(CmkSpec spec) throws Exception {
    String alias = "read-" + spec;
    KeyStore before = home.keyStore();
    List<X509Certificate> chain = home.certified(spec, alias, ca, "localhost", "127.0.0.1");

    for (KeyStore keyStore : List.of(before, home.keyStore())) {
      assertArrayEquals(array(chain), keyStore.getCertificateChain(alias));
      assertEquals(chain.get(0), keyStore.getCertificate(alias));
      assertEquals(alias, keyStore.getCertificateAlias(chain.get(0)));
      assertNull(keyStore.getCertificateAlias(chain.get(1)));
      assertTrue(keyStore.isKeyEntry(alias));
      assertFalse(keyStore.isCertificateEntry(alias));
      assertTrue(keyStore.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class));
      assertFalse(keyStore.entryInstanceOf(alias, KmsKeyEntry.class));
    }
    assertEquals(
        chain, home.kms().getKeyCertificateChain(home.root(), new Alias("alias/" + alias)));
  }

  @Test
  void anEntryWithAChainIsAPrivateKeyEntry() throws Exception {
    List<X509Certificate> chain = home.certified(CmkSpec.ECC_NIST_P256, "entry", ca, "localhost");
    KeyStore.PrivateKeyEntry entry =
        assertInstanceOf(KeyStore.PrivateKeyEntry.class, home.keyStore().getEntry("entry", null));

    assertEquals(home.privateKey("entry"), entry.getPrivateKey());
    assertArrayEquals(array(chain), entry.getCertificateChain());
    home.keyStore().setEntry("entry-again", entry, null);
    assertArrayEquals(array(chain), home.keyStore().getCertificateChain("entry-again"));
  }

  @Test
  void anAliasIsMadeWithTheChain() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "made-from");
    KmsPrivateKey key = home.privateKey("made-from");
    KeyStore keyStore = home.keyStore();
    keyStore.setKeyEntry("made", key, null, array(ca.issue(key.publicKey(), "CN=made")));

    assertEquals(key, keyStore.getKey("made", null));
    assertNotNull(keyStore.getCertificateChain("made-from"));
  }

  @Test
  void aKeyIdTakesAChainWithoutAnAlias() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "by-id");
    KmsPrivateKey key = home.privateKey("by-id");
    KeyStore keyStore = home.keyStore();
    keyStore.deleteEntry("by-id");
    String id = key.arn().keyId().text();
    keyStore.setKeyEntry(id, key, null, array(ca.issue(key.publicKey(), "CN=by-id")));

    assertNotNull(keyStore.getCertificate(id));
    assertTrue(Collections.list(keyStore.aliases()).contains(id));
  }

  @Test
  void aRenewedChainReplacesTheOldOneAtOnce() throws Exception {
    List<X509Certificate> old = home.certified(CmkSpec.ECC_NIST_P256, "renewed", ca, "localhost");
    KeyStore keyStore = home.keyStore();
    List<X509Certificate> renewed = ca.issue(home.privateKey("renewed").publicKey(), "CN=renewed");
    home.put("renewed", renewed);

    assertArrayEquals(array(renewed), keyStore.getCertificateChain("renewed"));
    assertNull(keyStore.getCertificateAlias(old.get(0)));
  }

  @Test
  void otherProcessesSeeARenewedChain() throws Exception {
    Path files = home.folder();
    Path theirs = Files.createDirectories(folder.resolve("second"));
    Files.copy(
        files.resolve("credentials"),
        theirs.resolve("credentials"),
        StandardCopyOption.COPY_ATTRIBUTES);
    home.create(CmkSpec.ECC_NIST_P256, "shared");
    try (KmsHome second =
        KmsHome.in(
            theirs,
            "store=jdbc:sqlite:" + files.resolve("store.db"),
            "hsm=embedded:" + files.resolve("domain.p12"))) {
      KeyStore keyStore = second.keyStore();
      assertNull(keyStore.getCertificate("shared"));
      List<X509Certificate> chain = ca.issue(home.privateKey("shared").publicKey(), "CN=shared");
      home.put("shared", chain);

      // Promised within 100 ms; a machine that is busy with tests may be late itself.
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> awaitChain(keyStore, array(chain)));
    }
  }

  private static void awaitChain(KeyStore keyStore, Certificate[] chain) throws Exception {
    while (!Arrays.equals(chain, keyStore.getCertificateChain("shared"))) {
      Thread.sleep(10);
    }
  }

  @Test
  void aDeletedChainLeavesABareKey() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "bared", ca, "localhost");
    KeyStore keyStore = home.keyStore();
    home.kms().deleteKeyCertificateChain(home.root(), new Alias("alias/bared"));

    assertNull(keyStore.getCertificateChain("bared"));
    assertTrue(keyStore.entryInstanceOf("bared", KmsKeyEntry.class));
  }

  @Test
  void aChainOfAnotherKeyIsRefusedAndNoAliasStays() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "mine");
    home.create(CmkSpec.ECC_NIST_P256, "other");
    List<X509Certificate> other = ca.issue(home.privateKey("other").publicKey(), "CN=other");

    assertSays("is for another key", refused("new-name", home.privateKey("mine"), array(other)));
    assertFalse(home.keyStore().containsAlias("new-name"));
  }

  @Test
  void aChainOutOfOrderIsRefused() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "order");
    KmsPrivateKey key = home.privateKey("order");
    X509Certificate own = ca.issue(key.publicKey(), "CN=order").get(0);

    assertSays(
        "certificate 2 (\"CN=order\") is the key's own",
        refused("order", key, ca.intermediate(), own));
    assertSays("was issued by", refused("order", key, own, ca.root(), ca.intermediate()));
    assertSays("was issued by", refused("order", key, own, ca.root()));
  }

  @Test
  void anIssuerOfThatNameWithAnotherKeyIsRefused() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "rekeyed");
    KmsPrivateKey key = home.privateKey("rekeyed");
    X509Certificate own = ca.issue(key.publicKey(), "CN=rekeyed").get(0);

    assertSays("did not issue it", refused("rekeyed", key, own, TestCa.ec().intermediate()));
    assertSays("did not issue it", refused("rekeyed", key, own, TestCa.rsa().intermediate()));
  }

  @Test
  void aChainThatIsTooLongIsRefused() throws Exception {
    home.create(CmkSpec.ECC_NIST_P256, "long");
    KmsPrivateKey key = home.privateKey("long");
    Certificate[] chain = new Certificate[11];
    Arrays.fill(chain, ca.root());
    chain[0] = ca.issue(key.publicKey(), "CN=long").get(0);

    assertSays("this one has 11", refused("long", key, chain));
  }

  @Test
  void symmetricKeysHaveNoChain() {
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "symmetric");
    KmsException refused =
        assertThrows(
            KmsException.Validation.class,
            () ->
                home.kms()
                    .putKeyCertificateChain(
                        home.root(), new Alias("alias/symmetric"), List.of(ca.root())));
    assertSays("no public key", refused);
  }

  @Test
  void anAliasOfAnotherKeyIsNotMoved() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "taken", ca, "localhost");
    home.create(CmkSpec.ECC_NIST_P256, "taker");
    KmsPrivateKey taker = home.privateKey("taker");
    Certificate[] chain = array(ca.issue(taker.publicKey(), "CN=taker"));

    assertSays("alias/taken", refused("taken", taker, chain));
    assertNull(home.keyStore().getCertificateChain("taker"));
  }

  @Test
  void everyCallIsRecordedWithTheCertificatesHash() throws Exception {
    home.certified(CmkSpec.ECC_NIST_P256, "recorded", ca, "localhost");
    home.kms().getKeyCertificateChain(home.root(), new Alias("alias/recorded"));
    List<AuditRecord> records =
        home.kms().lookupEvents(home.root(), AuditQuery.newest(20)).stream()
            .filter(record -> record.eventName().endsWith("KeyCertificateChain"))
            .toList();

    assertEquals("GetKeyCertificateChain", records.get(records.size() - 1).eventName());
    AuditRecord put = records.get(records.size() - 2);
    assertEquals("PutKeyCertificateChain", put.eventName());
    assertEquals("2", put.parameters().get("certificates"));
    assertEquals(64, put.parameters().getOrDefault("certificateSha256", "").length());
  }

  @Test
  void onlyWhoMayPutsAChain() throws Exception {
    List<X509Certificate> chain = home.certified(CmkSpec.ECC_NIST_P256, "guarded", ca, "localhost");
    home.kms().iam().createUser(home.root(), "renewer", null);
    NewAccessKey accessKey = home.kms().iam().createAccessKey(home.root(), "renewer");
    Caller renewer = home.kms().authenticate(accessKey.accessKeyId(), accessKey.secret());
    Alias alias = new Alias("alias/guarded");

    assertThrows(
        KmsException.AccessDenied.class,
        () -> home.kms().putKeyCertificateChain(renewer, alias, chain));
    home.kms().putKeyPolicy(home.root(), alias, policyFor(renewer));
    home.kms().putKeyCertificateChain(renewer, alias, chain);
    assertThrows(
        KmsException.AccessDenied.class,
        () -> home.kms().deleteKeyCertificateChain(renewer, alias));
  }

  private static String policyFor(Caller renewer) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
           "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"},
           "Action": "kms:PutKeyCertificateChain", "Resource": "*"}]}"""
        .formatted(renewer.arn());
  }
}
