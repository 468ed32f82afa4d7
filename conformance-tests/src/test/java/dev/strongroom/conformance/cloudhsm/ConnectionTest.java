// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.FaultyModule;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.hsm.TokenKeys;
import dev.strongroom.hsm.pkcs11.Pkcs11TokenKeys;
import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.ConnectionState;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CustomKeyStoreEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that cannot be connected, each with its reason; and those that are not the right ones. */
class ConnectionTest {
  private final StoreScene scene;

  ConnectionTest(@TempDir Path folder) throws IOException {
    scene = StoreScene.in(folder);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private CustomKeyStoreEntry assertFails(
      String store, Class<? extends KmsException> type, ConnectionErrorCode code) {
    KmsException told =
        assertThrows(type, () -> scene.kms.connectCustomKeyStore(scene.root, store));
    CustomKeyStoreEntry entry = scene.describe(store);
    assertEquals(ConnectionState.FAILED, entry.state());
    assertEquals(Optional.of(code), entry.error());
    assertEquals(Optional.of(String.valueOf(told.getMessage())), entry.errorMessage());
    return entry;
  }

  @Test
  void refusedPinIsInvalidCredentialsAndTriedOnce() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.store(token, "vault");
    token.pinFile("999911118");

    CustomKeyStoreEntry entry =
        assertFails(
            store,
            KmsException.CloudHsmClusterInvalidConfiguration.class,
            ConnectionErrorCode.INVALID_CREDENTIALS);

    assertFalse(entry.toString().contains("999911118"));
    token.pinFile("1234");
    scene.kms.connectCustomKeyStore(scene.root, store);
    assertEquals(Optional.empty(), scene.describe(store).error());
  }

  @Test
  void pinThatIsNowhereIsInvalidCredentials() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String cluster = token.setting().replaceFirst("pin-source=.*", "pin-source=file:/no/pin");

    assertFails(
        scene.kms.createCustomKeyStore(scene.root, "vault", cluster),
        KmsException.CloudHsmClusterInvalidConfiguration.class,
        ConnectionErrorCode.INVALID_CREDENTIALS);
  }

  @Test
  void absentTokenIsClusterNotFound() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String cluster = token.setting().replace("kms%20test", "elsewhere");

    CustomKeyStoreEntry entry =
        assertFails(
            scene.kms.createCustomKeyStore(scene.root, "vault", cluster),
            KmsException.CloudHsmClusterNotFound.class,
            ConnectionErrorCode.CLUSTER_NOT_FOUND);

    assertTrue(entry.errorMessage().orElseThrow().contains("elsewhere"));
  }

  @Test
  void wrongModuleIsANetworkError() throws IOException {
    Path text = Files.writeString(scene.folder.resolve("text.so"), "no library");

    CustomKeyStoreEntry entry =
        assertFails(
            scene.kms.createCustomKeyStore(
                scene.root, "vault", "pkcs11:token=t?module-path=" + text),
            KmsException.HsmUnavailable.class,
            ConnectionErrorCode.NETWORK_ERRORS);

    assertTrue(entry.errorMessage().orElseThrow().contains(text.toString()));
  }

  @Test
  void tokenThatLacksMechanismsIsRefusedWithTheList() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.connected(token, "vault");
    scene.kms.disconnectCustomKeyStore(scene.root, store);
    token.withoutMechanisms("CKM_GENERIC_SECRET_KEY_GEN", "CKM_SHA256_HMAC");

    String message =
        assertFails(
                store,
                KmsException.CloudHsmClusterInvalidConfiguration.class,
                ConnectionErrorCode.MISSING_MECHANISMS)
            .errorMessage()
            .orElseThrow();

    assertTrue(message.contains("CKM_GENERIC_SECRET_KEY_GEN, CKM_SHA256_HMAC"), message);
  }

  @Test
  void whatTheTokenSaysOfItsUserIsTold() throws IOException {
    SoftHsmToken token = scene.token("vault");
    FaultyModule module =
        FaultyModule.before(token, Files.createDirectory(scene.folder.resolve("faulty")));
    String store = scene.kms.createCustomKeyStore(scene.root, "vault", module.setting());
    Class<KmsException.CloudHsmClusterInvalidConfiguration> refusal =
        KmsException.CloudHsmClusterInvalidConfiguration.class;

    module.fail("C_Login 0xA4");
    assertFails(store, refusal, ConnectionErrorCode.USER_LOCKED_OUT);
    module.fail("C_Login 0x102");
    assertFails(store, refusal, ConnectionErrorCode.USER_NOT_FOUND);
    module.fail("C_Login 0x104");
    assertFails(store, refusal, ConnectionErrorCode.USER_LOGGED_IN);
    module.fail("C_OpenSession 0x30");
    assertFails(store, KmsException.HsmUnavailable.class, ConnectionErrorCode.NETWORK_ERRORS);
    module.fail("C_GenerateKey 0x31");
    assertFails(store, KmsException.HsmUnavailable.class, ConnectionErrorCode.NETWORK_ERRORS);
    module.fail();
    scene.kms.connectCustomKeyStore(scene.root, store);
    scene.encrypt(scene.key(store));

    module.fail("C_GenerateKey 0x31");
    assertThrows(KmsException.LimitExceeded.class, () -> scene.key(store));
    module.fail();
    scene.encrypt(scene.key(store));
  }

  @Test
  void tokenThatWasInitializedAnewIsRefused() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    byte[] blob = scene.encrypt(key);
    scene.kms.disconnectCustomKeyStore(scene.root, store);
    SoftHsmToken other = scene.token("other");
    scene.kms.updateCustomKeyStore(
        scene.root, store, Optional.empty(), Optional.of(other.setting()));

    assertFails(
        store, KmsException.CloudHsmClusterNotRelated.class, ConnectionErrorCode.TOKEN_REPLACED);

    assertTrue(other.ids().isEmpty());
    scene.kms.updateCustomKeyStore(
        scene.root, store, Optional.empty(), Optional.of(token.setting()));
    scene.kms.connectCustomKeyStore(scene.root, store);
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(key, blob));
  }

  @Test
  void keysThatARestoredTokenDoesNotHaveAreRefusedAndTheOthersWork() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.connected(token, "vault");
    KeyId old = scene.key(store);
    byte[] blob = scene.encrypt(old);
    scene.home.close();
    token.backUp();
    scene.restart();
    KeyId young = scene.key(store);
    scene.encrypt(young);
    scene.home.close();
    token.restore();
    scene.restart();

    KmsException e = assertThrows(KmsException.Configuration.class, () -> scene.encrypt(young));

    assertTrue(String.valueOf(e.getMessage()).contains("has no object"), e.getMessage());
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(old, blob));
  }

  @Test
  void keyOfAnotherIsNotUsedUnderTheIdOfAKey() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    byte[] blob = scene.encrypt(key);
    scene.home.close();
    byte[] id = HexFormat.of().parseHex(StoreScene.objectId(key));
    try (TokenKeys keys = Pkcs11TokenKeys.open(token.uri(), Set.of())) {
      assertTrue(keys.destroy(id));
      keys.create(id, "another").close();
    }
    scene.restart();

    KmsException encryption =
        assertThrows(KmsException.Configuration.class, () -> scene.encrypt(key));

    assertTrue(
        String.valueOf(encryption.getMessage()).contains("has another key"),
        encryption.getMessage());
    assertThrows(KmsException.Configuration.class, () -> scene.decrypt(key, blob));
  }

  @Test
  void namesTokensAndNumbersAreHeldToTheirLimits() throws IOException {
    SoftHsmToken token = scene.token("vault");
    scene.store(token, "vault");

    assertThrows(KmsException.CloudHsmClusterInUse.class, () -> scene.store(token, "another name"));
    assertThrows(
        KmsException.CloudHsmClusterInUse.class, () -> scene.store(scene.domain, "domain"));
    assertThrows(
        KmsException.CustomKeyStoreNameInUse.class,
        () -> scene.kms.createCustomKeyStore(scene.root, "vault", "pkcs11:token=a?module-path=/m"));
    for (String bad :
        new String[] {
          "embedded:/tmp/x.p12",
          "cluster-1a23b4cdefg",
          "pkcs11:token=a",
          "pkcs11:token=a?module-path=/m&pin-value=1234"
        }) {
      assertThrows(
          KmsException.Validation.class,
          () -> scene.kms.createCustomKeyStore(scene.root, "bad", bad),
          bad);
    }
    for (String bad : new String[] {"", "  ", "a\nb", "n".repeat(257)}) {
      assertThrows(
          KmsException.Validation.class,
          () -> scene.kms.createCustomKeyStore(scene.root, bad, "pkcs11:token=a?module-path=/m"));
    }
    for (int i = 1; i < 10; i++) {
      scene.kms.createCustomKeyStore(scene.root, "n" + i, "pkcs11:token=t" + i + "?module-path=/m");
    }
    assertThrows(
        KmsException.LimitExceeded.class,
        () ->
            scene.kms.createCustomKeyStore(
                scene.root, "eleven", "pkcs11:token=eleven?module-path=/m"));
  }

  @Test
  void storeIsConnectedOnceAndRenamedAtAnyTime() throws IOException {
    SoftHsmToken token = scene.token("vault");
    String store = scene.connected(token, "vault");

    assertThrows(
        KmsException.CustomKeyStoreInvalidState.class,
        () -> scene.kms.connectCustomKeyStore(scene.root, store));
    scene.kms.updateCustomKeyStore(scene.root, store, Optional.of("safe"), Optional.empty());
    assertThrows(
        KmsException.CustomKeyStoreInvalidState.class,
        () ->
            scene.kms.updateCustomKeyStore(
                scene.root, store, Optional.empty(), Optional.of(token.setting())));

    assertEquals("safe", scene.describe(store).name());
    assertEquals(ConnectionState.CONNECTED, scene.describe(store).state());
    scene.encrypt(scene.key(store));
  }
}
