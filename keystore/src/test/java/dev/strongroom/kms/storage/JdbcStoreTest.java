// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DomainRecord;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcStoreTest {
  private Path file;
  private String url;

  @BeforeEach
  void name(@TempDir Path folder) {
    file = folder.resolve("store.db");
    url = Samples.url(file);
  }

  private JdbcStore open() {
    return JdbcStore.open(url, Samples.CLOCK);
  }

  @Test
  void newStoreHasNoDomain() {
    try (JdbcStore store = open()) {
      assertEquals(Optional.empty(), store.domain());
      assertThrows(IllegalStateException.class, () -> store.unlock(Samples.authenticator()));
    }
  }

  @Test
  void domainIsReadAsItWasWritten() {
    Samples.open(url).close();

    try (JdbcStore store = open()) {
      DomainRecord domain = store.domain().orElseThrow();
      DomainRecord.Version version = domain.active();

      assertEquals(Samples.DOMAIN_ID, domain.domainId());
      assertEquals(1, version.number());
      assertEquals("open", version.wrapPolicy());
      assertArrayEquals(Samples.domain().active().sentinel(), version.sentinel());
      assertArrayEquals(Samples.domain().active().checkValue(), version.checkValue());
      assertArrayEquals(Samples.domain().active().publicKey(), version.publicKey());
      assertEquals(Samples.NOW, version.creationDate());
    }
  }

  @Test
  void secondInitialisationIsAConflict() {
    Samples.open(url).close();

    try (JdbcStore store = open()) {
      assertThrows(
          KmsException.Conflict.class,
          () -> store.initialize(Samples.domain(), Samples.authenticator()));
      store.unlock(Samples.authenticator()).revision();
    }
  }

  @Test
  void fileIsForItsOwnerOnly() throws IOException {
    try (KeyStorage storage = Samples.open(url)) {
      storage.save(List.of(Samples.key()));

      for (String suffix : List.of("", "-wal", "-shm")) {
        Path part = Path.of(file + suffix);
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(part)),
            suffix);
      }
    }
  }

  @Test
  void commitsAreDurableAndReferencesChecked() throws SQLException {
    Samples.open(url).close();

    try (Session session = Sqlite.of(url).open(true)) {
      assertEquals(List.of("wal"), session.texts("PRAGMA journal_mode"));
      assertEquals(2, session.number("PRAGMA synchronous"));
      assertEquals(1, session.number("PRAGMA foreign_keys"));
      assertEquals(1, session.number("PRAGMA secure_delete"));
      assertEquals(0, session.number("PRAGMA trusted_schema"));
    }
  }

  @Test
  void everyTableIsDescribedCompletely() throws SQLException {
    Samples.open(url).close();

    try (Session session = Sqlite.of(url).open(true)) {
      for (Table table : Table.values()) {
        List<String> described =
            new java.util.ArrayList<>(table.columns().stream().map(Table.Column::name).toList());
        described.addAll(List.of("revision", "mac_version", "mac"));
        List<String> actual =
            session.columnNames("SELECT * FROM " + table.sqlName() + " WHERE 1 = 0");
        assertEquals(
            described.stream().sorted().toList(), actual.stream().sorted().toList(), table.name());
      }
      List<String> others = List.of("schema_version", "commit_outcome");
      assertEquals(
          Table.values().length + others.size(),
          session.number("SELECT count(*) FROM sqlite_master WHERE type = 'table'"));
    }
  }

  @Test
  void writerWaitsForTheLockOfAnotherProcess() throws Exception {
    try (KeyStorage storage = Samples.open(url);
        Vandal other = new Vandal(file)) {
      other.run("BEGIN IMMEDIATE");
      CompletableFuture<Long> saved =
          CompletableFuture.supplyAsync(
              () -> storage.save(List.of(Samples.key())).get(0).revision());

      Thread.sleep(700);
      assertTrue(!saved.isDone());
      other.run("COMMIT");

      assertEquals(2, saved.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void abandonedStorageIsCollectedAndItsThreadsEnd() throws InterruptedException {
    WeakReference<KeyStorage> storage = new WeakReference<>(abandoned());

    for (int i = 0; i < 500 && (storage.get() != null || watchers() > 0); i++) {
      System.gc();
      Thread.sleep(10);
    }

    assertNull(storage.get());
    assertEquals(0, watchers());
  }

  private KeyStorage abandoned() {
    KeyStorage storage = Samples.open(url);
    storage.onChange((keys, identities) -> storage.revision());
    return storage;
  }

  private static long watchers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("strongroom-store"))
        .count();
  }

  @Test
  void threadsKeepNeitherTheProcessNorAClassLoader() {
    try (KeyStorage storage = Samples.open(url)) {
      storage.revision();
      List<Thread> threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("strongroom-store"))
              .toList();

      assertTrue(!threads.isEmpty());
      threads.forEach(thread -> assertTrue(thread.isDaemon()));
      threads.forEach(thread -> assertNull(thread.getContextClassLoader()));
    }
  }

  @Test
  void otherAddressesAreRefused() {
    for (String bad :
        List.of(
            "jdbc:h2:mem:",
            "store.db",
            "jdbc:sqlite:",
            "jdbc:sqlite:file:a.db",
            "jdbc:sqlite::resource:a",
            url + "?synchronous=OFF")) {
      assertThrows(KmsException.Configuration.class, () -> JdbcStore.open(bad, Samples.CLOCK), bad);
    }
  }

  @Test
  void newerSchemaIsRefused() throws SQLException {
    Samples.open(url).close();
    Vandal.on(file, "INSERT INTO schema_version VALUES (99, 'strongroom', 0)");

    KmsException refusal = assertThrows(KmsException.Configuration.class, this::open);

    assertSays("schema version 99", refusal);
  }

  @Test
  void databaseOfAnotherProgramIsRefusedAndLeftAlone() throws Exception {
    Vandal.on(file, "CREATE TABLE customer (id INTEGER)");
    byte[] before = Files.readAllBytes(file);

    assertSays("another program", assertThrows(KmsException.Configuration.class, this::open));

    try (Vandal vandal = new Vandal(file)) {
      vandal.run("PRAGMA journal_mode = DELETE");
    }
    assertEquals(before.length, Files.size(file));
  }

  @Test
  void migrationTableOfAnotherProgramIsRefused() throws SQLException {
    Vandal.on(file, "CREATE TABLE schema_version (version_rank INT, installed_by TEXT)");

    assertSays("another program", assertThrows(KmsException.Configuration.class, this::open));
  }

  @Test
  void fileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
    byte[] text = "dear diary, ".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Files.write(file, text);

    assertSays("no SQLite database", assertThrows(KmsException.Configuration.class, this::open));

    assertArrayEquals(text, Files.readAllBytes(file));
  }

  @Test
  void missingFolderIsNamed() {
    url = Samples.url(file.resolveSibling("missing").resolve("store.db"));

    assertSays("missing", assertThrows(KmsException.StoreUnavailable.class, this::open));
  }

  @Test
  void folderInThePlaceOfTheFileIsRefused() throws IOException {
    Files.createDirectory(file);

    assertSays(file.toString(), assertThrows(KmsException.StoreUnavailable.class, this::open));
  }

  @Test
  void damagedPagesAreNotUsed() throws IOException {
    try (KeyStorage storage = Samples.open(url)) {
      for (int i = 0; i < 20; i++) {
        storage.save(List.of(Samples.key("alias/" + i)));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    java.util.Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);

    KmsException failure = assertThrows(KmsException.class, () -> Samples.open(url).close());

    assertSays("restore the last backup", failure);
  }
}
