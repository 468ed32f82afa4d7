// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsKeyEntry;
import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.NewAccessKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DomainLoadStoreParameter;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsKeyStoreTest {
  private final Room room = new Room();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    room.close();
  }

  private KeyStore unloaded() throws KeyStoreException {
    return KeyStore.getInstance("KMS", room.provider);
  }

  private KeyStore loadedWith(String descriptor) throws Exception {
    KeyStore keyStore = unloaded();
    keyStore.load(stream(descriptor), null);
    return keyStore;
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
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

  private String passwordOf(String user) {
    room.kms().createUser(room.provider.caller(), user);
    try (NewKey key = new NewKey(room.kms().createAccessKey(room.provider.caller(), user))) {
      return key.text();
    }
  }

  private record NewKey(NewAccessKey key) implements AutoCloseable {
    String text() {
      return key.accessKeyId() + ":" + String.valueOf(key.secret());
    }

    @Override
    public void close() {
      key.destroy();
    }
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
            "ProtectionLevel", app.metadata().protectionLevel().name()),
        attributes);
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
    assertEquals(5, ((Set<?>) method.invoke(keyStore, "app")).size());
  }

  @Test
  void aPasswordIsAnAccessKey() throws Exception {
    room.symmetric("app");
    char[] password = passwordOf("alice").toCharArray();
    KeyStore keyStore = unloaded();
    keyStore.load(null, password);

    // Her user exists, and the default policy lets only the root and administrators in.
    assertEquals(List.of(), names(keyStore));
    assertEquals(passwordLength(password), password.length);
  }

  private static int passwordLength(char[] password) {
    int length = 0;
    for (char c : password) {
      length += c == '\0' ? 0 : 1;
    }
    return length;
  }

  @ParameterizedTest
  @ValueSource(strings = {"AKID:wrong", "no colon", ":", "AKID:"})
  void aBadAccessKeyIsAnIoExceptionCausedByAnUnrecoverableKey(String password) throws Exception {
    KeyStore keyStore = unloaded();
    IOException refused =
        assertThrows(IOException.class, () -> keyStore.load(null, password.toCharArray()));
    assertInstanceOf(UnrecoverableKeyException.class, refused.getCause());
  }

  @Test
  void anEmptyPasswordIsTheSettingsAccessKey() throws Exception {
    room.symmetric("app");
    KeyStore keyStore = unloaded();
    keyStore.load(null, new char[0]);
    assertEquals(List.of("app"), names(keyStore));
  }

  @Test
  void loadStoreParametersWithAPasswordWork() throws Exception {
    String password = passwordOf("bob");
    KeyStore keyStore = unloaded();
    keyStore.load(null);
    keyStore.load(() -> new KeyStore.PasswordProtection(password.toCharArray()));
    keyStore.load(
        () ->
            new KeyStore.CallbackHandlerProtection(
                callbacks -> answer(callbacks, password.toCharArray())));
    assertThrows(
        NoSuchAlgorithmException.class,
        () -> keyStore.load(new DomainLoadStoreParameter(folder.resolve("x").toUri(), Map.of())));
  }

  private static void answer(Callback[] callbacks, char[] password) {
    ((PasswordCallback) callbacks[0]).setPassword(password);
  }

  @Test
  void aBuilderAsksAgainAfterAWrongAnswer() throws Exception {
    String password = passwordOf("carol");
    int[] asked = new int[1];
    KeyStore.Builder builder =
        KeyStore.Builder.newInstance(
            "KMS",
            room.provider,
            new KeyStore.CallbackHandlerProtection(
                callbacks ->
                    answer(callbacks, (asked[0]++ == 0 ? "AKID:wrong" : password).toCharArray())));

    assertNotNull(builder.getKeyStore());
    assertEquals(2, asked[0]);
  }

  @Test
  void aDescriptorNamesSettingsCredentialsAndAliases() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path settings = Files.writeString(home.resolve("strongroom.properties"), "");
    try (StrongroomProvider other =
        (StrongroomProvider) new StrongroomProvider().configure(settings.toString())) {
      for (String alias : List.of("alias/web-1", "alias/web-2", "alias/db")) {
        other
            .kms()
            .createKey(
                other.caller(),
                CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias(alias)));
      }
      KeyStore keyStore =
          loadedWith(
              "#strongroom-keystore 1\nconfig="
                  + settings
                  + "\ncredentials="
                  + KmsConfig.fromFile(settings).credentialsFile()
                  + "\naliases=web-*\n");

      assertEquals(List.of("web-1", "web-2"), names(keyStore));
      assertNull(keyStore.getKey("db", null));
      KmsKeyHandle key = (KmsKeyHandle) keyStore.getKey("web-1", null);
      assertArrayEquals(new Object[] {other.kms()}, new Object[] {key.kms()});
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "config=/etc/x",
        "#strongroom-keystore 2\n",
        "#strongroom-keystore 1\nconfig=relative/path",
        "#strongroom-keystore 1\nalias=typo",
        "#strongroom-keystore 1\nconfig=/does/not/exist"
      })
  void whatIsNoDescriptorIsRefused(String text) {
    assertThrows(IOException.class, () -> loadedWith(text));
  }

  @Test
  void aDescriptorIsFoundByProbing() throws Exception {
    room.symmetric("app");
    Path file = Files.writeString(folder.resolve("kms.ks"), "#strongroom-keystore 1\n");
    Security.addProvider(room.provider);
    try {
      KeyStore keyStore = KeyStore.getInstance(file.toFile(), (char[]) null);
      assertEquals("KMS", keyStore.getType());
      assertTrue(keyStore.containsAlias("app"));
    } finally {
      Security.removeProvider(room.provider.getName());
    }
  }

  @Test
  void setKeyEntryGivesOurKeyOneMoreAlias() throws Exception {
    KmsSecretKey app = room.symmetric("app");
    KeyStore keyStore = room.keyStore();
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

  @Test
  void anUnusableKmsIsAnIoExceptionWithItsCause() throws Exception {
    Path settings = Files.writeString(folder.resolve("s.properties"), "store=jdbc:sqlite:/no/x\n");
    KeyStore keyStore = unloaded();
    IOException refused =
        assertThrows(
            IOException.class,
            () -> keyStore.load(stream("#strongroom-keystore 1\nconfig=" + settings), null));
    assertInstanceOf(KmsException.class, refused.getCause());
  }
}
