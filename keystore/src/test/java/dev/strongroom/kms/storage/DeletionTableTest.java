// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.key.KmsKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTableTest {
  private static final Instant DATE = Samples.NOW.plusSeconds(60);

  @TempDir Path folder;
  private KeyStorage storage;
  private DeletionStorage deletions;

  @BeforeEach
  void open() {
    storage = Samples.open(url());
    deletions = storage.deletions();
  }

  private String url() {
    return Samples.url(folder.resolve("store.db"));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private KmsKey pending(String... aliases) {
    return storage.save(List.of(Samples.key(aliases).pendingDeletion(DATE))).get(0);
  }

  @Test
  void onlyKeysThatArePendingDeletionAreDue() {
    storage.save(List.of(Samples.key())); // has a date, and is enabled
    assertEquals(Optional.empty(), deletions.earliest());
    KeyId key = pending().keyId();

    assertEquals(Optional.of(DATE), deletions.earliest());
    assertEquals(List.of(), deletions.due(DATE.minusNanos(1), 10));
    assertEquals(List.of(key), deletions.due(DATE, 10));
  }

  @Test
  void keyThatIsNotDueIsNotDestroyed() {
    KmsKey kept = pending("alias/a");
    storage.save(List.of(kept.kept()));
    KeyId later = pending().keyId();

    assertEquals(Optional.empty(), deletions.destroy(kept.keyId(), DATE, DATE));
    assertEquals(Optional.empty(), deletions.destroy(later, DATE.minusNanos(1), DATE));
    assertEquals(Optional.empty(), deletions.destroy(new KeyId(UUID.randomUUID()), DATE, DATE));
    assertTrue(storage.findKey(kept.keyId()).isPresent());
    assertTrue(storage.findKey(later).isPresent());
    assertEquals(List.of(), deletions.unrecorded(10));
  }

  @Test
  void everyRowOfADestroyedKeyIsGoneAndTheRestIsWhole() {
    KmsKey stays = storage.save(List.of(Samples.key("alias/stays"))).get(0);
    KmsKey gone = pending("alias/gone", "alias/too");
    storage
        .grants()
        .create(List.of(Samples.grant(gone.keyId(), 1), Samples.grant(gone.keyId(), 2)), DATE);

    assertTrue(deletions.destroy(gone.keyId(), DATE, DATE).isPresent());

    assertEquals(Optional.empty(), storage.findKey(gone.keyId()));
    assertEquals(
        List.of(),
        storage.inspect().rows().stream()
            .map(StoreContents.StoredRow::name)
            .filter(name -> name.contains(gone.keyId().text()) && !name.startsWith("deleted_key"))
            .toList());
    assertTrue(storage.findKey(stays.keyId()).isPresent());
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void receiptStaysUntilItIsOnRecord() {
    KeyId key = pending().keyId();
    DeletionStorage.DeletedKey deleted = deletions.destroy(key, DATE, DATE).orElseThrow();

    assertEquals(List.of(deleted), deletions.unrecorded(10));
    deletions.recorded(key, DATE);
    assertEquals(List.of(), deletions.unrecorded(10));
  }

  @Test
  void listenersHearOfTheEndOfAKeyAlsoOfOtherProcesses() throws InterruptedException {
    List<Set<KeyId>> here = new ArrayList<>();
    KeyId key = pending().keyId();
    storage.onChange(listener(here));
    try (KeyStorage other = Samples.open(url())) {
      List<Set<KeyId>> there = java.util.Collections.synchronizedList(new ArrayList<>());
      other.onChange(listener(there));

      deletions.destroy(key, DATE, DATE);

      assertEquals(List.of(Set.of(key)), here);
      for (int i = 0; there.isEmpty() && i < 3000; i++) {
        Thread.sleep(10);
      }
      assertEquals(Set.of(key), there.get(0));
    }
  }

  private static KeyStorage.ChangeListener listener(List<Set<KeyId>> destroyed) {
    return new KeyStorage.ChangeListener() {
      @Override
      public void changed(Set<KeyId> keys, boolean identities) {}

      @Override
      public void destroyed(Set<KeyId> keys) {
        destroyed.add(keys);
      }
    };
  }

  @Test
  void keyTokenLingersNeitherInTheFileNorInItsLog() throws IOException {
    KmsKey key = pending("alias/gone");
    byte[] token = key.generations().get(0).token();
    assertTrue(isInFiles(token));

    deletions.destroy(key.keyId(), DATE, DATE);
    assertTrue(deletions.scrub());

    assertFalse(isInFiles(token));
    assertFalse(isInFiles("alias/gone".getBytes(StandardCharsets.UTF_8)));
    assertFalse(isInFiles(key.policy().getBytes(StandardCharsets.UTF_8)));
  }

  private boolean isInFiles(byte[] wanted) throws IOException {
    String text = new String(wanted, StandardCharsets.ISO_8859_1);
    for (String name : List.of("store.db", "store.db-wal")) {
      Path file = folder.resolve(name);
      if (Files.exists(file)
          && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void seenTimeIsKept() {
    assertEquals(Optional.empty(), deletions.seenTime());
    deletions.saveSeenTime(DATE);
    deletions.saveSeenTime(DATE.plusSeconds(1));

    assertEquals(Optional.of(DATE.plusSeconds(1)), deletions.seenTime());
  }
}
