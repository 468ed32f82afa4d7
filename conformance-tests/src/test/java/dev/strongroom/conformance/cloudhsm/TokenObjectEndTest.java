// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.service.ScheduleKeyDeletionRequest;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.RowAuthenticator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the object in the token when its key is deleted. */
class TokenObjectEndTest {
  private final StoreScene scene;
  private final SoftHsmToken token;
  private final String store;
  private final KeyId key;

  TokenObjectEndTest(@TempDir Path folder) throws IOException {
    scene = StoreScene.in(folder);
    token = scene.token("vault");
    store = scene.connected(token, "vault");
    key = scene.key(store);
    scene.kms.scheduleKeyDeletion(scene.root, ScheduleKeyDeletionRequest.of(key));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** Destroys the key as a sweep does that comes when its day has come, and is killed then. */
  private void destroyRows() {
    scene.home.close();
    try (Hsm hsm = Pkcs11Hsm.open(scene.domain.uri(), Set.of());
        JdbcStore file =
            JdbcStore.open(
                "jdbc:sqlite:" + scene.home.folder().resolve("store.db"), Clock.systemUTC())) {
      DomainKeyring domain = DomainKeyring.open(hsm, file.domain().orElseThrow());
      KeyStorage storage = file.unlock(authenticator(domain));
      Instant then = Instant.now().plus(Duration.ofDays(31));
      assertTrue(storage.deletions().destroy(key, then, then).isPresent());
    }
  }

  private static RowAuthenticator authenticator(DomainKeyring domain) {
    return new RowAuthenticator() {
      @Override
      public int currentVersion() {
        return domain.activeVersion();
      }

      @Override
      public byte[] mac(int version, byte[] hash) {
        return domain.derive(version, Label.ROW, hash);
      }
    };
  }

  private List<AuditRecord> receipts() {
    return scene.kms.lookupEvents(
        scene.root,
        new AuditQuery(
            Optional.empty(),
            Optional.empty(),
            List.of(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, "DeleteKey")),
            Optional.empty(),
            10));
  }

  private boolean isInToken() {
    return token.ids().contains(StoreScene.objectId(key));
  }

  @Test
  void objectIsDestroyedWithItsKeyAndTheReceiptSaysSo() throws IOException {
    destroyRows();

    scene.restart();

    assertFalse(isInToken());
    assertEquals(1, receipts().size());
    AuditRecord receipt = receipts().get(0);
    assertEquals("destroyed", receipt.parameters().get("tokenObject"));
    assertEquals(store, receipt.parameters().get("customKeyStoreId"));
    assertEquals(StoreScene.objectId(key), receipt.parameters().get("tokenObjectId"));
  }

  @Test
  void receiptWaitsForATokenThatIsDisconnected() throws IOException {
    scene.kms.disconnectCustomKeyStore(scene.root, store);
    destroyRows();
    scene.restart();
    assertTrue(isInToken());
    assertEquals(List.of(), receipts());
    scene.kms.connectCustomKeyStore(scene.root, store);

    scene.restart();

    assertFalse(isInToken());
    assertEquals("destroyed", receipts().get(0).parameters().get("tokenObject"));
  }

  @Test
  void receiptSaysThatAnObjectStaysWhoseStoreWasDeleted() throws IOException {
    scene.kms.disconnectCustomKeyStore(scene.root, store);
    destroyRows();
    scene.restart();
    scene.kms.deleteCustomKeyStore(scene.root, store);

    scene.restart();

    assertTrue(isInToken());
    assertEquals(
        "left in the token, since its custom key store was deleted before",
        receipts().get(0).parameters().get("tokenObject"));
  }
}
