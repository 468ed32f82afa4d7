// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsLoadStoreParameter;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DomainLoadStoreParameter;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to load a KeyStore, and who may. */
class KmsKeyStoreLoadingTest extends KeyStoreScene {
  @TempDir private Path folder;

  private KeyStore loadedWith(String descriptor) throws Exception {
    KeyStore keyStore = unloaded();
    keyStore.load(stream(descriptor), null);
    return keyStore;
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
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
