// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcKeyStorageTest {
  private Path folder;
  private HmacRows authenticator;
  private KeyStorage storage;

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    open();
  }

  private void open() {
    authenticator = new HmacRows(Samples.DOMAIN_ID.toString());
    storage = Samples.open(Samples.url(folder.resolve("store.db")), authenticator);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private KmsKey save(KmsKey key) {
    return storage.save(List.of(key)).get(0);
  }

  @Test
  void keyIsReadAsItWasSaved() {
    KmsKey saved = save(key("alias/b", "alias/a"));

    KmsKey read = storage.findKey(saved.keyId()).orElseThrow();

    assertEquals(Samples.text(saved), Samples.text(read));
  }

  /** As all keys were before there were tags, so that their MACs hold. */
  @Test
  void keyWithoutTagsHasNoHashOverThem() throws SQLException {
    KmsKey tagged = save(key("alias/a"));

    KmsKey bare = save(tagged.withTags(Map.of()));

    assertEquals(Map.of(), storage.findKey(bare.keyId()).orElseThrow().tags());
    storage.verifyAll((done, total) -> {});
    try (Vandal vandal = new Vandal(folder.resolve("store.db"))) {
      assertEquals(0, vandal.run("DELETE FROM key_tag"));
      assertEquals(1, vandal.run("UPDATE cmk SET region = '' WHERE key_tag_hash IS NULL"));
    }
  }

  @Test
  void keyIsStillThereAfterReopening() {
    KmsKey saved = save(key("alias/a"));
    storage.close();
    open();

    assertEquals(Samples.text(saved), Samples.text(storage.findKey(saved.keyId()).orElseThrow()));
  }

  @Test
  void keyWithoutAliasesCertificatesAndDeletionDateIsReadAsItWasSaved() {
    KmsKey full = key();
    KmsKey saved =
        save(
            new KmsKey(
                full.arn(),
                full.spec(),
                full.usage(),
                full.state(),
                full.origin(),
                full.level(),
                false,
                false,
                "",
                Instant.EPOCH.minusNanos(1),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                full.generations().subList(0, 1),
                "{}",
                Optional.empty(),
                List.of(),
                Map.of(),
                List.of(),
                0));

    assertEquals(Samples.text(saved), Samples.text(storage.findKey(saved.keyId()).orElseThrow()));
  }

  @Test
  void unknownKeyIsEmpty() {
    assertEquals(Optional.empty(), storage.findKey(new KeyId(UUID.randomUUID())));
  }

  @Test
  void everyPartOfAKeyCanBeReplaced() {
    KmsKey saved = save(key("alias/a", "alias/b"));
    KmsKey other = key(saved.keyId(), "alias/b", "alias/c");
    KmsKey changed =
        save(
            new KmsKey(
                saved.arn(),
                saved.spec(),
                saved.usage(),
                KeyState.DISABLED,
                saved.origin(),
                saved.level(),
                false,
                true,
                "other",
                saved.creationDate(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(saved.generations().get(0), Samples.generation(7), Samples.generation(8)),
                "{\"other\":1}",
                Optional.of("{\"rule\":1}"),
                other.aliases(),
                Map.of("Team", "green", "team", "red"),
                saved.certificateChain().subList(1, 2),
                saved.revision()));

    assertEquals(Samples.text(changed), Samples.text(storage.findKey(saved.keyId()).orElseThrow()));
    assertEquals(Optional.empty(), storage.resolve(ACCOUNT, new Alias("alias/a")));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void everyWriteAddsOneToTheRevision() {
    long before = storage.revision();

    KmsKey saved = save(key());
    KmsKey again = save(saved);

    assertEquals(before + 1, saved.revision());
    assertEquals(before + 2, again.revision());
    assertEquals(before + 2, storage.revision());
  }

  @Test
  void changeOfAnOldStateIsAConflict() {
    KmsKey first = save(key());
    save(first.withDescription("second"));

    assertThrows(KmsException.Conflict.class, () -> save(first.withDescription("third")));
    assertEquals("second", storage.findKey(first.keyId()).orElseThrow().description());
  }

  @Test
  void newKeyUnderATakenIdIsAConflict() {
    KmsKey saved = save(key());

    assertThrows(KmsException.Conflict.class, () -> save(key(saved.keyId())));
  }

  @Test
  void allKeysOfASaveAreWrittenOrNone() {
    KmsKey first = save(key());
    KmsKey fresh = key("alias/fresh");
    save(first.withDescription("second"));

    assertThrows(
        KmsException.Conflict.class, () -> storage.save(List.of(fresh, first.withPolicy("{}"))));
    assertEquals(Optional.empty(), storage.findKey(fresh.keyId()));
    assertEquals(Optional.empty(), storage.resolve(ACCOUNT, new Alias("alias/fresh")));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void aliasResolvesToItsKeyInItsAccountOnly() {
    KmsKey saved = save(key("alias/a"));

    assertEquals(Optional.of(saved.keyId()), storage.resolve(ACCOUNT, new Alias("alias/a")));
    assertEquals(Optional.empty(), storage.resolve("111111111111", new Alias("alias/a")));
    assertEquals(Optional.empty(), storage.resolve(ACCOUNT, new Alias("alias/A")));
  }

  @Test
  void aliasMovesBetweenKeysInOneSave() {
    KmsKey from = save(key("alias/a"));
    KmsKey to = save(key());

    storage.save(List.of(to.withAliases(Samples.named("alias/a")), from.withAliases(List.of())));

    assertEquals(Optional.of(to.keyId()), storage.resolve(ACCOUNT, new Alias("alias/a")));
    assertEquals(List.of(), storage.findKey(from.keyId()).orElseThrow().aliases());
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void aliasOfAnotherKeyIsRefused() {
    save(key("alias/a"));

    assertThrows(KmsException.AlreadyExists.class, () -> save(key("alias/a")));
    assertThrows(
        KmsException.AlreadyExists.class,
        () -> storage.save(List.of(key("alias/b"), key("alias/b"))));
  }

  @Test
  void listenersHearOfAChangeBeforeTheWriterReturns() {
    List<Set<KeyId>> heard = new ArrayList<>();
    storage.onChange((keys, identities) -> heard.add(keys));

    KmsKey saved = save(key());

    assertTrue(heard.contains(Set.of(saved.keyId())));
  }

  @Test
  void failingListenerHarmsNobody() {
    List<Set<KeyId>> heard = new ArrayList<>();
    storage.onChange(
        (keys, identities) -> {
          throw new IllegalStateException("on purpose");
        });
    storage.onChange((keys, identities) -> heard.add(keys));

    KmsKey saved = save(key());

    assertTrue(heard.contains(Set.of(saved.keyId())));
  }

  @Test
  void concurrentThreadsLoseNothing() throws Exception {
    KmsKey shared = save(key().withDescription("0"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(threads.submit(() -> countUp(shared.keyId(), 10)));
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    threads.shutdown();

    assertEquals("80", storage.findKey(shared.keyId()).orElseThrow().description());
    assertEquals(shared.revision() + 80, storage.revision());
    storage.verifyAll((done, total) -> {});
  }

  private void countUp(KeyId id, int times) {
    for (int done = 0; done < times; ) {
      KmsKey key = storage.findKey(id).orElseThrow();
      try {
        save(key.withDescription(Integer.toString(Integer.parseInt(key.description()) + 1)));
        done++;
      } catch (KmsException.Conflict e) {
        Thread.onSpinWait(); // somebody else counted: read again
      }
    }
  }

  @Test
  void textThatNotEveryDatabaseHoldsIsRefused() {
    KmsKey saved = save(key());

    assertThrows(KmsException.Validation.class, () -> save(saved.withDescription("a\0b")));
    assertThrows(KmsException.Validation.class, () -> save(saved.withDescription("a\ud800b")));
  }

  @Test
  void closedStorageRefusesEverything() {
    storage.close();

    assertThrows(IllegalStateException.class, () -> storage.revision());
    assertThrows(IllegalStateException.class, () -> save(key()));
    storage.close();
  }

  @Test
  void throwAwayStoreWorksWithoutAFile() {
    try (KeyStorage memory = Samples.open("jdbc:sqlite::memory:");
        KeyStorage other = Samples.open("jdbc:sqlite::memory:")) {
      KmsKey saved = memory.save(List.of(key("alias/a"))).get(0);

      assertTrue(memory.findKey(saved.keyId()).isPresent());
      assertEquals(1, memory.loadAll(ACCOUNT).size());
      assertFalse(other.findKey(saved.keyId()).isPresent());
      memory.verifyAll((done, total) -> {});
    }
  }
}
