// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.assertSays;
import static dev.strongroom.kms.storage.Samples.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException.StoreUnavailable;
import dev.strongroom.kms.key.KmsKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite itself goes on with a file that nobody else can see any more, without an error. */
class StoreTakenAwayTest {

  private final Path file;
  private final KeyStorage storage;
  private KmsKey stored;

  StoreTakenAwayTest(@TempDir Path folder) {
    this.file = folder.resolve("store.db");
    this.storage = Samples.open(Samples.url(file));
  }

  @BeforeEach
  void fill() {
    stored = storage.save(List.of(key("alias/app"))).get(0);
    storage.requireReachable();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Path log() {
    return file.resolveSibling("store.db-wal");
  }

  private void assertRefused(Path named) throws InterruptedException {
    assertSays(
        named + " of the store was removed or replaced",
        assertThrows(StoreUnavailable.class, () -> storage.findKey(stored.keyId())));
    assertThrows(StoreUnavailable.class, () -> storage.save(List.of(key())));
    assertThrows(StoreUnavailable.class, () -> storage.loadAll(Samples.ACCOUNT));
    assertSays("put the file back", Outages.await(storage));
  }

  @Test
  void aFileThatWasRemovedIsRefusedAtTheNextUse() throws Exception {
    Files.delete(file);

    assertRefused(file);
    assertTrue(Files.notExists(file), "an empty store was made in its place");
  }

  @Test
  void aFileThatWasReplacedIsRefusedAtTheNextUse() throws Exception {
    Path copy = Files.copy(file, file.resolveSibling("copy.db"));
    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);

    assertRefused(file);
  }

  @Test
  void aLogThatWasRemovedIsRefusedBecauseItsChangesAreLost() throws Exception {
    Files.delete(log());

    assertRefused(log());
  }

  @Test
  void aFileThatIsBackIsUsedAgain() throws Exception {
    Path away = file.resolveSibling("away.db");
    Files.move(file, away);
    assertRefused(file);

    Files.move(away, file);

    assertEquals(stored.keyId(), storage.findKey(stored.keyId()).orElseThrow().keyId());
    storage.save(List.of(stored.withRevision(stored.revision())));
    Outages.awaitEnd(storage);
  }

  @Test
  void aStoreThatIsOpenedTwiceKeepsItsLogWhileOneIsOpen() throws IOException {
    try (KeyStorage other = Samples.open(Samples.url(file))) {
      assertEquals(stored.keyId(), other.findKey(stored.keyId()).orElseThrow().keyId());
    }

    assertTrue(Files.exists(log()));
    storage.save(List.of(key("alias/other")));
  }
}
