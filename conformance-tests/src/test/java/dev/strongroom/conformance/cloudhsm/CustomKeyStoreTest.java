// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ConnectionState;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.ExplainRequest;
import dev.strongroom.kms.service.ScheduleKeyDeletionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A custom key store from its making to its deletion. */
class CustomKeyStoreTest {
  private final StoreScene scene;
  private final SoftHsmToken token;

  CustomKeyStoreTest(@TempDir Path folder) throws IOException {
    scene = StoreScene.in(folder);
    token = scene.token("vault");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void keyLivesInTheTokenOfItsStoreAndNowhereElse() {
    String store = scene.connected(token, "vault");
    long files = scene.domain.files();

    KeyMetadata key = scene.kms.createKey(scene.root, StoreScene.request(store));

    assertEquals(KeyOrigin.AWS_CLOUDHSM, key.origin());
    assertEquals(ProtectionLevel.CUSTOM_KEY_STORE, key.protectionLevel());
    assertEquals(Optional.of(store), key.customKeyStoreId());
    assertTrue(token.ids().contains(StoreScene.objectId(key.keyId())));
    assertEquals(files, scene.domain.files());
    byte[] blob = scene.encrypt(key.keyId());
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(key.keyId(), blob));
    byte[] dataKey =
        scene.kms.generateDataKey(scene.root, key.keyId(), 32, StoreScene.CONTEXT).ciphertextBlob();
    assertEquals(32, scene.decrypt(key.keyId(), dataKey).length);
  }

  @Test
  void keysOfADisconnectedStoreAreUnavailableAndAllOthersWork() {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    KeyId other =
        scene.kms.createKey(scene.root, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    byte[] blob = scene.encrypt(key);

    scene.kms.disconnectCustomKeyStore(scene.root, store);

    refused(() -> scene.encrypt(key));
    refused(() -> scene.decrypt(key, blob));
    refused(() -> scene.kms.generateDataKey(scene.root, key, 32, StoreScene.CONTEXT));
    assertThrows(KmsException.CustomKeyStoreInvalidState.class, () -> scene.key(store));
    assertThrows(
        KmsException.CustomKeyStoreInvalidState.class,
        () -> scene.kms.generateRandom(scene.root, 32, store));
    assertEquals(KeyState.UNAVAILABLE, scene.kms.describeKey(scene.root, key).state());
    assertFalse(scene.kms.describeKey(scene.root, key).isEnabled());
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(other, scene.encrypt(other)));

    scene.kms.connectCustomKeyStore(scene.root, store);

    assertEquals(KeyState.ENABLED, scene.kms.describeKey(scene.root, key).state());
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(key, blob));
  }

  private static void refused(Executable call) {
    KmsException.InvalidState e = assertThrows(KmsException.InvalidState.class, call);
    assertEquals("KMSInvalidStateException", e.errorCode());
    assertTrue(String.valueOf(e.getMessage()).contains("is unavailable"), e.getMessage());
  }

  @Test
  void unavailableKeyIsAdministeredAsAwsSays() {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    scene.kms.disconnectCustomKeyStore(scene.root, store);

    scene.kms.updateKeyDescription(scene.root, key, "later");
    scene.kms.disableKey(scene.root, key);
    assertEquals(KeyState.UNAVAILABLE, scene.kms.describeKey(scene.root, key).state());
    scene.kms.connectCustomKeyStore(scene.root, store);
    assertEquals(KeyState.DISABLED, scene.kms.describeKey(scene.root, key).state());
    scene.kms.disconnectCustomKeyStore(scene.root, store);
    scene.kms.enableKey(scene.root, key);
    scene.kms.scheduleKeyDeletion(scene.root, ScheduleKeyDeletionRequest.of(key));
    assertEquals(KeyState.PENDING_DELETION, scene.kms.describeKey(scene.root, key).state());
    scene.kms.cancelKeyDeletion(scene.root, key);
    assertEquals(KeyState.UNAVAILABLE, scene.kms.describeKey(scene.root, key).state());
  }

  @Test
  void explainSaysThatAnUnavailableKeyIsToBlame() {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    scene.kms.disconnectCustomKeyStore(scene.root, store);

    var result =
        scene.kms.explain(scene.root, ExplainRequest.of(scene.root.arn(), Operation.ENCRYPT, key));

    assertTrue(result.toString().contains("is unavailable"), result.toString());
  }

  @Test
  void connectionOutlivesTheProcessAndIsSeenByOthers() throws Exception {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    byte[] blob = scene.encrypt(key);

    scene.restart();

    assertEquals(ConnectionState.CONNECTED, scene.describe(store).state());
    assertArrayEquals(StoreScene.TEXT, scene.decrypt(key, blob));
    Path second = Files.createDirectory(scene.folder.resolve("second"));
    Files.copy(scene.home.folder().resolve("credentials"), second.resolve("credentials"));
    try (KmsHome other =
        KmsHome.in(
            second,
            "hsm=" + scene.domain.setting(),
            "store=jdbc:sqlite:" + scene.home.folder().resolve("store.db"))) {
      other.kms().encrypt(other.root(), key, StoreScene.ALGORITHM, blob, StoreScene.CONTEXT);

      scene.kms.disconnectCustomKeyStore(scene.root, store);

      Thread.sleep(500);
      refused(
          () ->
              other
                  .kms()
                  .encrypt(other.root(), key, StoreScene.ALGORITHM, blob, StoreScene.CONTEXT));
      scene.kms.connectCustomKeyStore(scene.root, store);
      Thread.sleep(500);
      other.kms().encrypt(other.root(), key, StoreScene.ALGORITHM, blob, StoreScene.CONTEXT);
    }
  }

  @Test
  void keysOfATokenThatIsAwayFailAndAllOthersWork() throws IOException {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);
    KeyId other =
        scene.kms.createKey(scene.root, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    byte[] blob = scene.encrypt(key);
    scene.restart();

    token.takeAway();
    try {
      assertThrows(KmsException.HsmUnavailable.class, () -> scene.decrypt(key, blob));
      assertThrows(KmsException.HsmUnavailable.class, () -> scene.key(store));
      assertThrows(
          KmsException.HsmUnavailable.class, () -> scene.kms.generateRandom(scene.root, 32, store));
      assertArrayEquals(StoreScene.TEXT, scene.decrypt(other, scene.encrypt(other)));
    } finally {
      token.bringBack();
    }

    await(() -> assertArrayEquals(StoreScene.TEXT, scene.decrypt(key, blob)));
    assertEquals(32, scene.kms.generateRandom(scene.root, 32, store).length);
  }

  /** A token that could not be opened is left alone for a second. */
  private static void await(Runnable works) {
    for (int i = 0; i < 30; i++) {
      try {
        works.run();
        return;
      } catch (KmsException.HsmUnavailable e) {
        try {
          Thread.sleep(100);
        } catch (InterruptedException stop) {
          throw new AssertionError(stop);
        }
      }
    }
    works.run();
  }

  @Test
  void whatAwsRefusesOfKeysInCustomKeyStoresIsRefused() {
    String store = scene.connected(token, "vault");
    KeyId key = scene.key(store);

    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> scene.kms.enableKeyRotation(scene.root, key, 365));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> scene.kms.rotateKeyOnDemand(scene.root, key));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> scene.kms.getKeyRotationStatus(scene.root, key));
    for (CmkSpec spec : new CmkSpec[] {CmkSpec.HMAC_256, CmkSpec.ECC_NIST_P256}) {
      CreateKeyRequest request =
          CreateKeyRequest.of(spec)
              .withUsage(
                  spec == CmkSpec.HMAC_256 ? KeyUsage.GENERATE_VERIFY_MAC : KeyUsage.SIGN_VERIFY)
              .withCustomKeyStore(store);
      assertThrows(
          KmsException.UnsupportedOperation.class, () -> scene.kms.createKey(scene.root, request));
    }
  }

  @Test
  void storeIsDeletedOnlyWhenItIsDisconnectedAndHasNoKeys() {
    String empty = scene.connected(token, "vault");
    assertThrows(
        KmsException.CustomKeyStoreInvalidState.class,
        () -> scene.kms.deleteCustomKeyStore(scene.root, empty));
    KeyId key = scene.key(empty);
    scene.kms.scheduleKeyDeletion(scene.root, ScheduleKeyDeletionRequest.of(key));
    scene.kms.disconnectCustomKeyStore(scene.root, empty);

    KmsException.CustomKeyStoreHasCMKs e =
        assertThrows(
            KmsException.CustomKeyStoreHasCMKs.class,
            () -> scene.kms.deleteCustomKeyStore(scene.root, empty));

    assertEquals("CustomKeyStoreHasCMKsException", e.errorCode());
    assertEquals(1, scene.kms.describeCustomKeyStores(scene.root).size());
  }

  @Test
  void storeWithoutKeysIsGoneWhenItIsDeleted() {
    String store = scene.connected(token, "vault");
    scene.kms.disconnectCustomKeyStore(scene.root, store);

    scene.kms.deleteCustomKeyStore(scene.root, store);

    assertTrue(scene.kms.describeCustomKeyStores(scene.root).isEmpty());
    assertThrows(
        KmsException.CustomKeyStoreNotFound.class,
        () -> scene.kms.connectCustomKeyStore(scene.root, store));
    assertThrows(KmsException.CustomKeyStoreNotFound.class, () -> scene.key(store));
  }

  @Test
  void keyThatIsNotKeptLeavesNothingInTheToken() {
    String store = scene.connected(token, "vault");
    int before = token.ids().size();
    scene.kms.createKey(scene.root, StoreScene.request(store).withAlias(new Alias("alias/one")));

    assertThrows(
        KmsException.AlreadyExists.class,
        () ->
            scene.kms.createKey(
                scene.root, StoreScene.request(store).withAlias(new Alias("alias/one"))));

    assertEquals(before + 1, token.ids().size());
  }
}
