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

import dev.strongroom.keystore.AccessKey;
import dev.strongroom.keystore.KeyStoreDescriptor;
import dev.strongroom.keystore.KmsAccess;
import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsKeyStoreSpi;
import dev.strongroom.keystore.KmsLoadStoreParameter;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Iam;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.NewAccessKey;
import dev.strongroom.kms.service.Sts;
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
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to load a KeyStore, and who may. */
class KmsKeyStoreLoadingTest {
  private final Room room = new Room();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    room.close();
  }

  private static List<String> names(KeyStore keyStore) throws KeyStoreException {
    return Collections.list(keyStore.aliases());
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

  private String passwordOf(String user) {
    room.kms().iam().createUser(room.provider.caller(), user, null);
    try (NewKey key = new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), user))) {
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
  void aPasswordIsAnAccessKey() throws Exception {
    room.symmetric("app");
    char[] password = passwordOf("alice").toCharArray();
    KeyStore keyStore = unloaded();
    keyStore.load(null, password);

    // Her user exists, and the default policy lets only the root and administrators in.
    assertEquals(List.of(), names(keyStore));
    assertEquals(passwordLength(password), password.length);
  }

  @Test
  void aPasswordIsTheAccessKeyOfASession() throws Exception {
    room.symmetric("app");
    String owner = passwordOf("owner");
    room.kms().iam().createRole(room.provider.caller(), "batch", roleOf("owner"));
    room.kms()
        .iam()
        .putPolicy(room.provider.caller(), IamKind.ROLE, "batch", "see", allow("kms:DescribeKey"));
    Caller user = AccessKey.authenticate(room.kms(), owner.toCharArray());
    String password;
    try (Credentials session =
        room.kms()
            .sts()
            .assumeRole(
                user, Sts.AssumeRoleRequest.of("arn:aws:iam::000000000000:role/batch", "night"))
            .credentials()) {
      password =
          session.accessKeyId()
              + ":"
              + String.valueOf(session.secret())
              + ":"
              + session.sessionToken();
    }

    KeyStore keyStore = unloaded();
    keyStore.load(null, password.toCharArray());
    assertEquals(List.of("app"), names(keyStore));
    int colon = password.lastIndexOf(':');
    for (String wrong : List.of(password.substring(0, colon), password + "A")) {
      IOException refused =
          assertThrows(IOException.class, () -> keyStore.load(null, wrong.toCharArray()));
      assertInstanceOf(UnrecoverableKeyException.class, refused.getCause());
    }
  }

  @Test
  void aKeyStoreOfAnInactiveAccessKeyListsItsEntriesAndGivesOutNoKey() throws Exception {
    KmsPrivateKey key = room.signing(CmkSpec.ECC_NIST_P256);
    String name = CmkSpec.ECC_NIST_P256.name();
    KmsSecretKey secret = room.symmetric("app");
    room.kms().iam().createUser(room.provider.caller(), "app", null);
    room.kms().iam().putPolicy(room.provider.caller(), IamKind.USER, "app", "use", allow("kms:*"));
    try (NewKey accessKey =
        new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), "app"))) {
      KeyStore keyStore = unloaded();
      keyStore.load(null, accessKey.text().toCharArray());
      Key handle = keyStore.getKey(name, null);

      activate(accessKey, false);
      assertEquals(List.of(name, "app"), names(keyStore));
      assertTrue(keyStore.isKeyEntry(name));
      for (String asked : List.of(name, "unknown")) {
        assertRefused(
            assertThrows(UnrecoverableKeyException.class, () -> keyStore.getKey(asked, null)));
        assertRefused(
            assertThrows(UnrecoverableKeyException.class, () -> keyStore.getEntry(asked, null)));
      }
      assertRefused(
          assertThrows(
              KeyStoreException.class, () -> keyStore.setKeyEntry("app", secret, null, null)));
      Signature signature = Signature.getInstance("SHA256withECDSA", room.provider);
      signature.initSign((PrivateKey) handle);
      assertRefused(assertThrows(SignatureException.class, signature::sign));

      activate(accessKey, true);
      assertEquals(key.arn(), ((KmsKeyHandle) keyStore.getKey(name, null)).arn());
      assertNull(keyStore.getKey("unknown", null));
      keyStore.setKeyEntry("app", secret, null, null);
    }
  }

  /** The interface of the JDK for them has no checked exception, and JDK 17 has none. */
  @Test
  void attributesOfAKeyAreRefusedToAnInactiveAccessKey() throws Exception {
    room.symmetric("app");
    room.kms().iam().createUser(room.provider.caller(), "app", null);
    room.kms().iam().putPolicy(room.provider.caller(), IamKind.USER, "app", "use", allow("kms:*"));
    try (NewKey accessKey =
        new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), "app"))) {
      KmsKeyStoreSpi keyStore = new KmsKeyStoreSpi(new Way());
      keyStore.engineLoad((InputStream) null, accessKey.text().toCharArray());
      assertFalse(keyStore.engineGetAttributes("app").isEmpty());

      activate(accessKey, false);
      assertRefused(
          assertThrows(ProviderException.class, () -> keyStore.engineGetAttributes("app")));
    }
  }

  /** The way to the room's KMS. */
  private final class Way implements KmsAccess {
    @Override
    public Kms kms() {
      return room.kms();
    }

    @Override
    public Caller caller() {
      return room.provider.caller();
    }

    @Override
    public KmsAccess of(KeyStoreDescriptor descriptor) {
      return this;
    }
  }

  private void activate(NewKey accessKey, boolean active) {
    room.kms()
        .iam()
        .updateAccessKey(room.provider.caller(), "app", accessKey.key().accessKeyId(), active);
  }

  private static void assertRefused(Exception refusal) {
    assertInstanceOf(KmsException.UnrecognizedClient.class, refusal.getCause());
  }

  private static Iam.CreateRoleRequest roleOf(String user) {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::000000000000:user/%s"}}}"""
            .formatted(user);
    return new Iam.CreateRoleRequest(trust, null, null, null);
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
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

  @Test
  void ourLoadStoreParameterSaysWhatADescriptorSays() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path settings = Files.writeString(home.resolve("strongroom.properties"), "");
    try (StrongroomProvider other =
        (StrongroomProvider) new StrongroomProvider().configure(settings.toString())) {
      for (String alias : List.of("alias/web-1", "alias/db")) {
        other
            .kms()
            .createKey(
                other.caller(),
                CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias(alias)));
      }
      KmsLoadStoreParameter there = KmsLoadStoreParameter.ofSettings().withConfig(settings);
      KeyStore keyStore = unloaded();
      keyStore.load(there);
      assertEquals(List.of("db", "web-1"), names(keyStore));
      keyStore.load(
          there
              .withCredentials(KmsConfig.fromFile(settings).credentialsFile())
              .withAliases("web-*"));
      assertEquals(List.of("web-1"), names(keyStore));
    }
    keyStoreOfTheSettingsIsEmpty();
  }

  private void keyStoreOfTheSettingsIsEmpty() throws Exception {
    KeyStore keyStore = unloaded();
    keyStore.load(KmsLoadStoreParameter.ofSettings());
    assertEquals(List.of(), names(keyStore));
  }

  @Test
  void ourLoadStoreParameterNamesACallerOrAsksForOne() throws Exception {
    String password = passwordOf("dora");
    KeyStore keyStore = unloaded();
    KeyStore.PasswordProtection known = new KeyStore.PasswordProtection(password.toCharArray());
    keyStore.load(KmsLoadStoreParameter.ofSettings().withCaller(known));
    assertEquals(password, String.valueOf(known.getPassword()));
    keyStore.load(
        KmsLoadStoreParameter.ofSettings()
            .withCaller(
                new KeyStore.CallbackHandlerProtection(
                    callbacks -> answer(callbacks, password.toCharArray()))));

    KeyStore.PasswordProtection wrong = new KeyStore.PasswordProtection("AKID:wrong".toCharArray());
    IOException refused =
        assertThrows(
            IOException.class,
            () -> keyStore.load(KmsLoadStoreParameter.ofSettings().withCaller(wrong)));
    assertInstanceOf(UnrecoverableKeyException.class, refused.getCause());
    assertThrows(
        NoSuchAlgorithmException.class,
        () ->
            keyStore.load(
                KmsLoadStoreParameter.ofSettings()
                    .withCaller(new KeyStore.ProtectionParameter() {})));
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
