// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsKeyEntry;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsKeyStoreTest {
  private final Room room = new Room();

  @AfterEach
  void close() {
    room.close();
  }

  private static List<String> names(KeyStore keyStore) throws KeyStoreException {
    return Collections.list(keyStore.aliases());
  }

  private List<String> recorded() {
    return room.kms().lookupEvents(room.provider.caller(), AuditQuery.newest(1000)).stream()
        .map(AuditRecord::eventName)
        .filter(name -> !name.equals("LookupEvents"))
        .toList();
  }

  private List<String> recordedSince(List<String> before) {
    List<String> all = recorded();
    return all.subList(before.size(), all.size());
  }

  @Test
  void keysAreListedByAliasAndByKeyIdWhereTheyHaveNone() throws Exception {
    room.create(CmkSpec.SYMMETRIC_DEFAULT, "b");
    KeyId two = room.create(CmkSpec.HMAC_256, "a").keyId();
    room.kms().createAlias(room.provider.caller(), new Alias("alias/c"), two);
    KeyId bare =
        room.kms()
            .createKey(room.provider.caller(), CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT))
            .keyId();

    KeyStore keyStore = room.keyStore();
    assertEquals(Set.of("a", "b", "c", bare.text()), Set.copyOf(names(keyStore)));
    assertEquals(4, keyStore.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "alias/app", "ID", "ARN", "ALIAS-ARN"})
  void everyFormOfANameFindsTheKey(String form) throws Exception {
    KmsSecretKey key = room.symmetric("app");
    String name =
        switch (form) {
          case "ID" -> key.arn().keyId().text();
          case "ARN" -> key.arn().text();
          case "ALIAS-ARN" -> key.arn().place().arnPrefix() + "alias/app";
          default -> form;
        };

    KeyStore keyStore = room.keyStore();
    assertTrue(keyStore.containsAlias(name));
    assertEquals(key, keyStore.getKey(name, "ignored".toCharArray()));
  }

  @Test
  void unknownNamesAreNotThere() throws Exception {
    room.symmetric("app");
    KeyStore keyStore = room.keyStore();
    for (String name : List.of("other", "", "alias/", "arn:nonsense", "no name at all!")) {
      assertNull(keyStore.getKey(name, null), name);
      assertFalse(keyStore.containsAlias(name), name);
      assertNull(keyStore.getCreationDate(name), name);
      assertNull(keyStore.getCertificateChain(name), name);
      assertNull(keyStore.getEntry(name, null), name);
    }
  }

  @Test
  void aDisabledKeyIsHiddenAndTheOthersStay() throws Exception {
    KmsSecretKey off = room.symmetric("off");
    room.symmetric("on");
    KeyStore keyStore = room.keyStore();
    room.kms().disableKey(room.provider.caller(), off.arn());

    assertEquals(List.of("on"), names(keyStore));
    assertNull(keyStore.getKey("off", null));
    assertFalse(keyStore.isKeyEntry("off"));
    assertNotNull(keyStore.getKey("on", null));
    room.kms().enableKey(room.provider.caller(), off.arn());
    assertNotNull(keyStore.getKey("off", null));
  }

  @Test
  void loadingIsOneListAliasesAndGetKeyOneDescribeKey() throws Exception {
    room.create(CmkSpec.RSA_2048, dev.strongroom.kms.KeyUsage.SIGN_VERIFY, "rsa");
    List<String> before = recorded();
    KeyStore keyStore = room.keyStore();
    keyStore.getKey("rsa", null);

    assertEquals(List.of("ListAliases", "DescribeKey"), recordedSince(before));
  }

  @Test
  void everythingElseIsAnsweredWithoutACall() throws Exception {
    room.symmetric("app");
    KeyStore keyStore = room.keyStore();
    List<String> before = recorded();

    names(keyStore);
    keyStore.size();
    keyStore.containsAlias("app");
    keyStore.isKeyEntry("app");
    keyStore.isCertificateEntry("app");
    keyStore.getCertificate("app");
    keyStore.getCertificateChain("app");
    keyStore.getCreationDate("app");
    keyStore.entryInstanceOf("app", KeyStore.SecretKeyEntry.class);
    assertEquals(List.of(), recordedSince(before));
  }

  @Test
  void keyEntriesAreNotCertificateEntries() throws Exception {
    room.symmetric("app");
    KeyStore keyStore = room.keyStore();

    assertTrue(keyStore.isKeyEntry("app"));
    assertFalse(keyStore.isCertificateEntry("app"));
    assertNull(keyStore.getCertificate("app"));
    assertNull(keyStore.getCertificateChain("app"));
  }

  @Test
  void entriesNeedNoProtection() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    Key sign = room.signing(CmkSpec.ECC_NIST_P256);
    KeyStore keyStore = room.keyStore();

    for (KeyStore.ProtectionParameter protection :
        new KeyStore.ProtectionParameter[] {
          null, new KeyStore.PasswordProtection("x".toCharArray())
        }) {
      assertEquals(
          app, ((KeyStore.SecretKeyEntry) keyStore.getEntry("app", protection)).getSecretKey());
      assertEquals(
          sign, ((KmsKeyEntry) keyStore.getEntry("ECC_NIST_P256", protection)).getPrivateKey());
    }
    assertTrue(keyStore.entryInstanceOf("app", KeyStore.SecretKeyEntry.class));
    assertTrue(keyStore.entryInstanceOf("ECC_NIST_P256", KmsKeyEntry.class));
    assertFalse(keyStore.entryInstanceOf("ECC_NIST_P256", KeyStore.SecretKeyEntry.class));
    assertFalse(keyStore.entryInstanceOf("ECC_NIST_P256", KeyStore.PrivateKeyEntry.class));
  }

  @Test
  void attributesTellWhatTheKeyIs() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    Map<String, String> attributes = new TreeMap<>();
    room.keyStore()
        .getEntry("app", null)
        .getAttributes()
        .forEach(attribute -> attributes.put(attribute.getName(), attribute.getValue()));

    assertEquals(
        Map.of(
            "Arn", app.arn().text(),
            "KeySpec", "SYMMETRIC_DEFAULT",
            "KeyState", "Enabled",
            "KeyUsage", "ENCRYPT_DECRYPT",
            "Origin", "AWS_KMS",
            "ProtectionLevel", app.metadata().protectionLevel().name()),
        attributes);
  }

  @Test
  void tagsAreAttributesOfEveryKindOfEntryAndCostNoCall() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    room.create(CmkSpec.ECC_NIST_P256, "sign");
    KeyStore keyStore = room.keyStore();
    for (String name : List.of("app", "sign")) {
      room.kms()
          .tagResource(room.provider.caller(), new Alias("alias/" + name), Map.of("team", name));
    }
    List<String> before = recorded();

    for (String name : List.of("app", "sign")) {
      assertEquals(name, tag(keyStore.getEntry(name, null)));
    }

    assertEquals(List.of("DescribeKey", "DescribeKey"), recordedSince(before));
    room.kms().untagResource(room.provider.caller(), app.arn(), List.of("team"));
    assertNull(tag(keyStore.getEntry("app", null)));
  }

  private static @Nullable String tag(KeyStore.Entry entry) {
    return entry.getAttributes().stream()
        .filter(attribute -> attribute.getName().equals("Tag/team"))
        .map(KeyStore.Entry.Attribute::getValue)
        .findFirst()
        .orElse(null);
  }

  @Test
  void entryWithAttributesIsNotExported() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    room.kms().tagResource(room.provider.caller(), app.arn(), Map.of("team", "blue"));
    KeyStore file = KeyStore.getInstance("PKCS12");
    file.load(null, null);
    KeyStore.Entry entry = room.keyStore().getEntry("app", null);

    assertThrows(
        KeyStoreException.class,
        () -> file.setEntry("app", entry, new KeyStore.PasswordProtection(new char[] {'p'})));
    assertEquals(0, file.size());
  }

  @Test
  void jdk18AndLaterFindAttributesByName() throws Exception {
    room.symmetric("app");
    KeyStore keyStore = room.keyStore();
    java.lang.reflect.Method method;
    try {
      method = KeyStore.class.getMethod("getAttributes", String.class);
    } catch (NoSuchMethodException e) {
      return; // JDK 17
    }
    assertEquals(6, ((Set<?>) method.invoke(keyStore, "app")).size());
  }

  @Test
  void setKeyEntryGivesOurKeyOneMoreAlias() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    KeyStore keyStore = room.keyStore();
    keyStore.setKeyEntry("again", app, null, null);
    keyStore.setKeyEntry("again", app, null, null);

    assertEquals(app, keyStore.getKey("again", null));
    KmsSecretKey other = room.symmetric("other");
    assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("again", other, null, null));
  }

  @Test
  void foreignKeysAndCertificatesAreNotPutIn() throws Exception {
    KeyStore keyStore = room.keyStore();
    SecretKeySpec software = new SecretKeySpec(new byte[32], "AES");
    assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("a", software, null, null));
    assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("a", new byte[1], null));
    assertThrows(KeyStoreException.class, () -> keyStore.setCertificateEntry("a", null));
    try (Room other = new Room()) {
      KmsSecretKey foreign = other.symmetric("theirs");
      assertThrows(KeyStoreException.class, () -> keyStore.setKeyEntry("a", foreign, null, null));
    }
  }

  @Test
  void deleteEntryRemovesAnAliasAndLeavesTheKey() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    KeyStore keyStore = room.keyStore();
    keyStore.deleteEntry("app");

    assertFalse(keyStore.containsAlias("app"));
    String id = app.arn().keyId().text();
    assertTrue(keyStore.containsAlias(id));
    KeyStoreException refused =
        assertThrows(KeyStoreException.class, () -> keyStore.deleteEntry(id));
    Room.assertSays("kms schedule-key-deletion --key-id " + id, refused);
  }

  @Test
  void storingDoesNothing() throws Exception {
    room.keyStore().store(null, null);
    room.keyStore().store(null);
  }
}
