// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ExpirationModel;
import dev.strongroom.kms.ImportState;
import dev.strongroom.kms.KeyMaterialState;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RotationType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Imported material that expires, is deleted and restored, and what a key does without it. */
class ImportedMaterialLifeTest extends ImportScene {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Path home;

  ImportedMaterialLifeTest(@TempDir Path home) {
    super(home);
    this.home = home;
  }

  private Instant in(Duration duration) {
    return time.instant().plus(duration).truncatedTo(ChronoUnit.MILLIS);
  }

  private String whyNot(Executable call) {
    return String.valueOf(assertThrows(KmsException.InvalidState.class, call).getMessage());
  }

  @Test
  void materialIsUsableUntilItExpiresAndAgainOnceTheSameWasBrought() {
    Instant end = in(HOUR);
    String id = bring(material, request -> request.expiring(end));
    KeyMetadata described = kms.describeKey(root, key);
    assertEquals(Optional.of(ExpirationModel.KEY_MATERIAL_EXPIRES), described.expirationModel());
    assertEquals(Optional.of(end), described.validTo());
    byte[] blob = encrypt();

    time.pass(HOUR);

    assertEquals(KeyState.PENDING_IMPORT, state());
    assertTrue(whyNot(this::encrypt).contains("is pending import"));
    assertTrue(whyNot(() -> openedBy(blob)).contains("is pending import"));
    assertEquals(Optional.empty(), kms.describeKey(root, key).validTo());
    assertEquals(id, bring(material));
    assertEquals(KeyState.ENABLED, state());
    assertEquals(id, openedBy(blob));
    pass(Duration.ofDays(2));
    assertEquals(id, openedBy(blob));
  }

  @Test
  void sweepDestroysWhatHasExpiredAndSaysSo() {
    String id = bring(material, request -> request.expiring(in(HOUR)));
    byte[] blob = encrypt();

    pass(HOUR.multipliedBy(2));

    assertEquals(KeyState.PENDING_IMPORT, state());
    assertEquals(
        Map.of("keyMaterialId", id), events("DeleteExpiredKeyMaterial").get(0).parameters());
    assertEquals(1, events("DeleteExpiredKeyMaterial").size());
    assertEquals(ImportState.PENDING_IMPORT, materials().get(0).imported().orElseThrow().state());
    assertEquals(id, bring(material));
    assertEquals(id, openedBy(blob));
  }

  /** Who sets the clock forward makes material unusable, and destroys none. */
  @Test
  void clockSetForwardDoesNotDestroyWhatHasNotExpired() {
    bring(material, request -> request.expiring(in(Duration.ofDays(100))));
    byte[] blob = encrypt();

    time.pass(Duration.ofDays(200));
    restart();
    assertEquals(KeyState.PENDING_IMPORT, state());
    time.pass(Duration.ofDays(-200));
    restart();

    assertEquals(KeyState.ENABLED, state());
    openedBy(blob);
    assertEquals(List.of(), events("DeleteExpiredKeyMaterial"));
  }

  @Test
  void deletedMaterialIsGoneAtOnceAndTheKeyWaits() throws Exception {
    String id = bring(material);
    byte[] blob = encrypt();
    String token = tokenInStore();
    assertTrue(storeHas(token));

    ImportedMaterialResult result = kms.deleteImportedKeyMaterial(root, deletion());

    assertEquals(id, result.keyMaterialId());
    assertEquals(Optional.empty(), result.destructionDate());
    assertEquals(KeyState.PENDING_IMPORT, state());
    assertTrue(whyNot(() -> openedBy(blob)).contains("is pending import"));
    assertEquals(0, kms.metrics().getSubkeys());
    assertFalse(storeHas(token));
    assertTrue(
        whyNot(() -> kms.restoreImportedKeyMaterial(root, key, Optional.empty()))
            .contains("nothing to restore"));
    kms.deleteImportedKeyMaterial(root, deletion());
    bring(material);
    assertEquals(id, openedBy(blob));
  }

  private String tokenInStore() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("store.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT token FROM key_token")) {
      return new String(rows.getBytes(1), StandardCharsets.ISO_8859_1);
    }
  }

  private boolean storeHas(String bytes) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(bytes)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void deletionCanBeUndoneWithinItsWindow() {
    String id = bring(material);
    byte[] blob = encrypt();

    ImportedMaterialResult result =
        kms.deleteImportedKeyMaterial(root, deletion().withUndoWindow(7));

    Instant date = result.destructionDate().orElseThrow();
    assertTrue(Duration.between(time.instant(), date).compareTo(Duration.ofDays(7)) <= 0);
    assertEquals(KeyState.PENDING_IMPORT, state());
    assertTrue(whyNot(this::encrypt).contains("is pending import"));
    assertEquals(
        result.destructionDate(), materials().get(0).imported().orElseThrow().destructionDate());
    pass(Duration.ofDays(6));
    assertEquals(id, kms.restoreImportedKeyMaterial(root, key, Optional.empty()).keyMaterialId());
    assertEquals(KeyState.ENABLED, state());
    pass(Duration.ofDays(30));
    assertEquals(id, openedBy(blob));
    assertTrue(
        whyNot(() -> kms.restoreImportedKeyMaterial(root, key, Optional.empty()))
            .contains("was not deleted"));
  }

  @Test
  void materialIsDestroyedWhenItsWindowIsOver() {
    String id = bring(material);
    kms.deleteImportedKeyMaterial(root, deletion().withUndoWindow(1));

    pass(Duration.ofHours(23));
    assertEquals(List.of(), events("DestroyDeletedKeyMaterial"));
    pass(Duration.ofHours(2));

    assertEquals(
        Map.of("keyMaterialId", id), events("DestroyDeletedKeyMaterial").get(0).parameters());
    assertTrue(
        whyNot(() -> kms.restoreImportedKeyMaterial(root, key, Optional.empty()))
            .contains("was destroyed"));
    assertEquals(id, bring(material));
  }

  @Test
  void clockSetForwardDoesNotShortenTheWindow() {
    bring(material);
    byte[] blob = encrypt();
    kms.deleteImportedKeyMaterial(root, deletion().withUndoWindow(7));

    time.pass(Duration.ofDays(60));
    restart();
    restart();

    kms.restoreImportedKeyMaterial(root, key, Optional.empty());
    openedBy(blob);
  }

  /** Scheduling the deletion of another key, which begins a wait, is no way round it. */
  @Test
  void clockSetForwardIsNotBelievedForAnotherDeletionMeanwhile() {
    bring(material);
    kms.deleteImportedKeyMaterial(root, deletion().withUndoWindow(7));

    time.pass(Duration.ofDays(60));
    schedule(key(CmkSpec.HMAC_256));
    restart();

    kms.restoreImportedKeyMaterial(root, key, Optional.empty());
    assertEquals(KeyState.ENABLED, state());
  }

  @Test
  void secondDeletionWithoutAWindowDestroysAtOnce() {
    bring(material);
    kms.deleteImportedKeyMaterial(root, deletion().withUndoWindow(30));

    kms.deleteImportedKeyMaterial(root, deletion());

    assertTrue(
        whyNot(() -> kms.restoreImportedKeyMaterial(root, key, Optional.empty()))
            .contains("was destroyed"));
  }

  @Test
  void undoWindowHasOneToThirtyDays() {
    for (int days : new int[] {-1, 31}) {
      assertThrows(KmsException.Validation.class, () -> deletion().withUndoWindow(days));
    }
  }

  @Test
  void newMaterialWaitsForTheRotationAndOldCiphertextsOpen() {
    String first = bring(material);
    byte[] old = encrypt();
    String second = bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT));
    assertEquals(first, openedBy(encrypt()));
    assertEquals(
        List.of(KeyMaterialState.CURRENT, KeyMaterialState.PENDING_ROTATION),
        materials().stream().map(KeyRotationEntry::state).toList());
    String message = whyNot(() -> bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT)));
    assertTrue(message.contains("waits for a rotation"), message);

    kms.rotateKeyOnDemand(root, key);

    assertEquals(second, kms.describeKey(root, key).keyMaterialId());
    assertEquals(second, openedBy(encrypt()));
    assertEquals(first, openedBy(old));
    assertEquals(
        List.of(KeyMaterialState.NON_CURRENT, KeyMaterialState.CURRENT),
        materials().stream().map(KeyRotationEntry::state).toList());
    assertEquals(Optional.of(RotationType.ON_DEMAND), materials().get(1).type());
    assertEquals("EXTERNAL", events("RotateKey").get(0).parameters().get("keyOrigin"));
    assertTrue(whyNot(() -> kms.rotateKeyOnDemand(root, key)).contains("waits for a rotation"));
    restart();
    assertEquals(first, openedBy(old));
  }

  /** In AWS the whole key would wait. */
  @Test
  void keyWithoutOneOfItsOlderMaterialsWorksWithTheOthers() {
    String first = bring(material);
    byte[] old = encrypt();
    bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT));
    kms.rotateKeyOnDemand(root, key);
    byte[] young = encrypt();

    kms.deleteImportedKeyMaterial(root, deletion().withKeyMaterialId(first));

    assertEquals(KeyState.ENABLED, state());
    openedBy(young);
    openedBy(encrypt());
    String message = whyNot(() -> openedBy(old));
    assertTrue(message.contains(first), message);
    assertEquals(first, bring(material));
    assertEquals(first, openedBy(old));
  }

  @Test
  void keyThatLostItsCurrentMaterialGoesOnWithThatWhichWaits() {
    String first = bring(material);
    byte[] old = encrypt();
    String second = bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT));
    kms.deleteImportedKeyMaterial(root, deletion());
    assertEquals(KeyState.PENDING_IMPORT, state());

    kms.rotateKeyOnDemand(root, key);

    assertEquals(KeyState.ENABLED, state());
    assertEquals(second, openedBy(encrypt()));
    assertTrue(whyNot(() -> openedBy(old)).contains(first));
  }

  @Test
  void materialThatWaitsGoesWithoutATrace() {
    bring(material);
    String second = bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT));

    kms.deleteImportedKeyMaterial(root, deletion().withKeyMaterialId(second));

    assertEquals(1, materials().size());
    assertEquals(KeyState.ENABLED, state());
    assertNotEquals(second, bringNew(Materials.of(CmkSpec.SYMMETRIC_DEFAULT)));
    assertThrows(
        KmsException.NotFound.class,
        () -> kms.deleteImportedKeyMaterial(root, deletion().withKeyMaterialId(second)));
  }

  @Test
  void disabledKeyIsDisabledAgainWhenItsMaterialIsBack() {
    bring(material);
    kms.disableKey(root, key);
    kms.deleteImportedKeyMaterial(root, deletion());
    assertEquals(KeyState.PENDING_IMPORT, state());

    bring(material);

    assertEquals(KeyState.DISABLED, state());
  }

  @Test
  void keyPendingDeletionStaysSoWithoutItsMaterial() {
    bring(material);
    schedule(key);

    kms.deleteImportedKeyMaterial(root, deletion());

    assertEquals(KeyState.PENDING_DELETION, state());
    kms.cancelKeyDeletion(root, key);
    assertEquals(KeyState.PENDING_IMPORT, state());
    bring(material);
    assertEquals(KeyState.DISABLED, state());
  }

  @Test
  void otherProcessForgetsDeletedMaterialAtOnce() throws InterruptedException {
    bring(material);
    byte[] blob = encrypt();
    try (EmbeddedKms other = open()) {
      other.decrypt(rootOf(other), null, ALGORITHM, blob, NONE);
      assertEquals(1, other.metrics().getSubkeys());

      kms.deleteImportedKeyMaterial(root, deletion());

      Waits.millisUntil(() -> other.metrics().getSubkeys() == 0);
    }
  }

  @Test
  void descriptionIsShownWithTheMaterial() {
    bring(material, request -> request.withDescription("from the vault"));

    KeyRotationEntry.Imported imported = materials().get(0).imported().orElseThrow();

    assertEquals("from the vault", imported.description());
    assertEquals(Optional.of(ExpirationModel.KEY_MATERIAL_DOES_NOT_EXPIRE), imported.model());
  }
}
