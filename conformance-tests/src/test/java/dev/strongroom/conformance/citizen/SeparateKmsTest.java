// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import dev.strongroom.kms.service.NewAccessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three KMSs in one JVM, one on the embedded domain key and two on HSMs of their own, all with the
 * same names for their keys; and in the first one two callers. A handle belongs to its KMS and its
 * caller, whichever provider it is used with.
 */
class SeparateKmsTest {
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final List<String> NAMES = List.of("file", "red", "blue");

  private static final Map<String, KmsHome> HOMES = new LinkedHashMap<>();
  private static char[] alice;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    for (String name : NAMES) {
      Path at = Files.createDirectory(folder.resolve(name));
      List<String> settings = new ArrayList<>(List.of("name=" + name));
      if (!name.equals("file")) {
        Path tokenFolder = Files.createDirectory(folder.resolve(name + "-token"));
        settings.add("hsm=" + SoftHsmToken.in(tokenFolder).select().setting());
      }
      Path file = Files.write(at.resolve("strongroom.properties"), settings);
      KmsSetup.init(KmsConfig.fromFile(file)); // the library reads its own settings here
      HOMES.put(name, KmsHome.in(at));
    }
    for (KmsHome home : HOMES.values()) {
      home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
      home.create(CmkSpec.ECC_NIST_P256, "sign");
      home.create(CmkSpec.SYMMETRIC_DEFAULT, "roots");
      Security.addProvider(home.provider());
    }
    alice = letAliceUse(home("file"), "app");
  }

  private static char[] letAliceUse(KmsHome home, String alias) {
    home.kms().iam().createUser(home.root(), "alice", null);
    NewAccessKey key = home.kms().iam().createAccessKey(home.root(), "alice");
    String account = home.kms().place().account();
    String statement =
        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::%s:%s\"},"
            + "\"Action\":\"kms:%s\",\"Resource\":\"*\"}";
    List<String> statements = new ArrayList<>();
    statements.add(String.format(statement, account, "root", "*"));
    for (String action : List.of("DescribeKey", "Encrypt", "Decrypt")) {
      statements.add(String.format(statement, account, "user/alice", action));
    }
    home.kms()
        .putKeyPolicy(
            home.root(),
            new Alias(Alias.PREFIX + alias),
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}");
    return (key.accessKeyId() + ":" + String.valueOf(key.secret())).toCharArray();
  }

  @AfterAll
  static void close() {
    for (KmsHome home : HOMES.values()) {
      Security.removeProvider(home.provider().getName());
      home.close();
    }
  }

  private static KmsHome home(String name) {
    return Objects.requireNonNull(HOMES.get(name), name);
  }

  private static Key key(String name, String alias) throws GeneralSecurityException, IOException {
    return home(name).keyStore().getKey(alias, null);
  }

  private static byte[] crypt(int mode, Key key, byte[] input, StrongroomProvider with)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("Kms", with);
    cipher.init(mode, key);
    return cipher.doFinal(input);
  }

  private static List<String> records(String name) {
    return home(name).kms().lookupEvents(home(name).root(), AuditQuery.newest(10_000)).stream()
        .map(SeparateKmsTest::text)
        .toList();
  }

  private static String text(AuditRecord event) {
    String caller = event.callerArn().orElse("nobody");
    return event.eventName() + " by " + caller.substring(caller.lastIndexOf(':') + 1);
  }

  private static long count(String name, String text) {
    return records(name).stream().filter(text::equals).count();
  }

  @Test
  void aHandleIsServedByEveryProviderAndRecordedByItsOwnKms() throws Exception {
    for (String owner : NAMES) {
      for (String with : NAMES) {
        Map<String, Long> before = new LinkedHashMap<>();
        NAMES.forEach(name -> before.put(name, count(name, "Encrypt by root")));
        Key key = key(owner, "app");

        byte[] blob = crypt(Cipher.ENCRYPT_MODE, key, MESSAGE, home(with).provider());

        assertArrayEquals(MESSAGE, crypt(Cipher.DECRYPT_MODE, key, blob, home(with).provider()));
        for (String name : NAMES) {
          long expected = name.equals(owner) ? 1 : 0;
          assertEquals(expected, count(name, "Encrypt by root") - before.getOrDefault(name, 0L));
        }
      }
    }
  }

  @Test
  void whatOneKmsEncryptedNoOtherOneDecrypts() throws Exception {
    for (String owner : NAMES) {
      StrongroomProvider provider = home(owner).provider();
      byte[] blob = crypt(Cipher.ENCRYPT_MODE, key(owner, "app"), MESSAGE, provider);
      for (String other : NAMES) {
        if (!other.equals(owner)) {
          Key key = key(other, "app");
          assertThrows(
              AEADBadTagException.class, () -> crypt(Cipher.DECRYPT_MODE, key, blob, provider));
        }
      }
    }
  }

  @Test
  void theSameNameSignsWithEachKmsesOwnKey() throws Exception {
    Map<String, byte[]> signatures = new LinkedHashMap<>();
    for (String name : NAMES) {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign((KmsPrivateKey) key(name, "sign"));
      signature.update(MESSAGE);
      signatures.put(name, signature.sign());
    }
    for (String name : NAMES) {
      for (String signer : NAMES) {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(((KmsPrivateKey) key(name, "sign")).publicKey());
        signature.update(MESSAGE);
        assertEquals(name.equals(signer), signature.verify(signatures.get(signer)));
      }
    }
  }

  @Test
  void twoCallersOfOneKmsSeeAndDoWhatEachMay() throws Exception {
    KmsHome home = home("file");
    KeyStore roots = home.keyStore();
    KeyStore alices = KeyStore.getInstance("KMS", home.provider());
    alices.load(null, alice);

    assertEquals(List.of("app", "roots", "sign"), Collections.list(roots.aliases()));
    assertEquals(List.of("app"), Collections.list(alices.aliases()));
    assertFalse(alices.containsAlias("roots"));
    long alicesBefore = count("file", "Encrypt by user/alice");
    long rootsBefore = count("file", "Encrypt by root");
    byte[] blob =
        crypt(Cipher.ENCRYPT_MODE, alices.getKey("app", null), MESSAGE, home("blue").provider());
    assertArrayEquals(
        MESSAGE, crypt(Cipher.DECRYPT_MODE, roots.getKey("app", null), blob, home.provider()));
    assertEquals(1, count("file", "Encrypt by user/alice") - alicesBefore);
    assertEquals(0, count("file", "Encrypt by root") - rootsBefore);
  }

  @Test
  void theCallerOfOneKmsIsNobodyInAnother() throws Exception {
    KeyStore blue = KeyStore.getInstance("KMS", home("blue").provider());

    assertThrows(IOException.class, () -> blue.load(null, alice));
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> home("blue").kms().describeKey(home("file").root(), new Alias("alias/app")));
  }

  @Test
  void closingOneKmsLeavesTheOthersWorking() throws Exception {
    Key key = key("red", "app");
    StrongroomProvider gone = StrongroomProvider.temporary();
    gone.kms()
        .createKey(
            gone.caller(),
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias("alias/app")));
    KeyStore keyStore = KeyStore.getInstance("KMS", gone);
    keyStore.load(null, null);
    Key closed = keyStore.getKey("app", null);

    gone.close();

    byte[] blob = crypt(Cipher.ENCRYPT_MODE, key, MESSAGE, home("file").provider());
    assertArrayEquals(MESSAGE, crypt(Cipher.DECRYPT_MODE, key, blob, home("blue").provider()));
    assertThrows(
        IllegalStateException.class,
        () -> crypt(Cipher.ENCRYPT_MODE, closed, MESSAGE, home("file").provider()));
  }
}
