// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores in PostgreSQL servers that are killed, cut off and replaced. */
class PostgresStoreTest {
  private static final byte[] PLAINTEXT = "the same".getBytes(StandardCharsets.UTF_8);
  private static final EncryptionContext CONTEXT = EncryptionContext.EMPTY;
  private static final int SECONDS = 30;

  private final Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private StoreServer server;

  @SuppressWarnings("NullAway.Init") // JUnit calls what is marked @BeforeEach first
  PostgresStoreTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void start() throws Exception {
    server = StoreServer.start();
    opened.add(server);
  }

  @AfterEach
  void close() throws Exception {
    Collections.reverse(opened);
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  /** Opens a KMS on a store; each after the first has the domain key of the first. */
  private KmsHome machine(String name, String store) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Path first = folder.resolve("a");
    Path settings = Files.write(home.resolve("strongroom.properties"), List.of("store=" + store));
    if (name.equals("a")) {
      KmsSetup.init(KmsConfig.fromFile(settings));
    } else {
      for (String file : List.of("domain.p12", "domain.passphrase", "credentials")) {
        Files.copy(first.resolve(file), home.resolve(file));
      }
    }
    KmsHome machine = KmsHome.in(home);
    opened.add(machine);
    return machine;
  }

  private static KeyId create(KmsHome machine, String alias) {
    return machine.create(CmkSpec.SYMMETRIC_DEFAULT, alias).keyId();
  }

  private static byte[] encrypt(KmsHome machine, KeyRef key) {
    return machine
        .kms()
        .encrypt(
            machine.root(), key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, PLAINTEXT.clone(), CONTEXT)
        .ciphertextBlob();
  }

  private static void assertOpens(KmsHome machine, byte[] ciphertext) {
    assertArrayEquals(
        PLAINTEXT,
        machine
            .kms()
            .decrypt(
                machine.root(),
                null,
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                ciphertext.clone(),
                CONTEXT)
            .plaintext());
  }

  private static Set<KeyId> keys(KmsHome machine) {
    Set<KeyId> keys = new HashSet<>();
    Optional<String> marker = Optional.of("");
    while (marker.isPresent()) {
      String after = marker.get().isEmpty() ? null : marker.get();
      Kms.Page<KeyId> page = machine.kms().listKeys(machine.root(), after, 1000);
      keys.addAll(page.items());
      marker = page.nextMarker();
    }
    return keys;
  }

  @Test
  void twoMachinesShareKeysAndSeeEachOthersChanges() throws Exception {
    KmsHome a = machine("a", server.url());
    KeyId key = create(a, "shared");
    KmsHome b = machine("b", server.url());
    byte[] ciphertext = encrypt(a, key);
    assertOpens(b, ciphertext);

    a.kms().disableKey(a.root(), key);

    long start = System.nanoTime();
    while (isUsable(b, ciphertext)) {
      assertTrue(System.nanoTime() - start < 5_000_000_000L, "the other machine never heard of it");
    }
    b.kms().enableKey(b.root(), key);
    assertOpens(b, ciphertext);
  }

  private static boolean isUsable(KmsHome machine, byte[] ciphertext) {
    try {
      assertOpens(machine, ciphertext);
      return true;
    } catch (KmsException.Disabled e) {
      return false;
    }
  }

  @Test
  void changesOfTwoMachinesAtOnceAreAllThere() throws Exception {
    KmsHome a = machine("a", server.url());
    create(a, "first");
    KmsHome b = machine("b", server.url());
    Set<KeyId> made = new HashSet<>(keys(a));
    ConcurrentLinkedQueue<KeyId> results = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (KmsHome machine : List.of(a, b, a, b)) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 25; i++) {
                  results.add(
                      machine.create(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    made.addAll(results);
    assertEquals(101, made.size());
    assertEquals(made, keys(a));
    assertEquals(made, keys(b));
  }

  @Test
  void connectionsThatTheServerEndsAreMadeAnewUnnoticed() throws Exception {
    KmsHome a = machine("a", server.url());
    KeyId key = create(a, "k");
    for (int i = 0; i < 5; i++) {
      server.run(
          "postgres",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'strongroom'");
      create(a, "more" + i);
      assertOpens(a, encrypt(a, key));
      assertEquals(i + 2, keys(a).size());
    }
  }

  @Test
  void killedServerLosesNothingThatWasAcknowledged() throws Exception {
    KmsHome a = machine("a", server.url());
    KeyId key = create(a, "k");
    byte[] ciphertext = encrypt(a, key);
    Load load = new Load(a);

    load.await(20);
    server.kill();
    assertOpens(a, encrypt(a, key)); // what is in use needs no store
    server.startAgain();
    int before = load.acknowledged.size();
    load.await(before + 20);
    load.end();

    assertTrue(keys(a).containsAll(load.acknowledged), "acknowledged keys are gone");
    assertEquals(load.acknowledged.size() + 1 + load.unknown.get(), keys(a).size());
    assertOpens(a, ciphertext);
  }

  @Test
  void promotedStandbyHasAllThatWasAcknowledged() throws Exception {
    KmsHome first = machine("a", server.url());
    KeyId key = create(first, "k");
    StoreServer standby = server.standby();
    opened.add(standby);
    KmsHome b =
        machine(
            "b",
            "jdbc:postgresql://" + server.address() + "," + standby.address() + "/kms?user=owner");
    byte[] ciphertext = encrypt(b, key);
    Load load = new Load(b);

    load.await(20);
    server.kill();
    standby.promote();
    int before = load.acknowledged.size();
    load.await(before + 20);
    load.end();

    Set<KeyId> there = keys(b);
    assertTrue(there.containsAll(load.acknowledged), "acknowledged keys are gone");
    assertOpens(b, ciphertext);
  }

  /** Makes keys without a pause, and goes on where the store is away for a while. */
  private static final class Load {
    private final Set<KeyId> acknowledged = Collections.synchronizedSet(new HashSet<>());
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;

    Load(KmsHome machine) {
      thread = new Thread(() -> work(machine));
      thread.start();
    }

    private void work(KmsHome machine) {
      while (!ended.get()) {
        try {
          acknowledged.add(machine.create(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId());
        } catch (KmsException.StoreUnavailable e) {
          if (String.valueOf(e.getMessage()).contains("cannot be known")) {
            unknown.incrementAndGet();
          }
        }
      }
    }

    void await(int keys) throws InterruptedException {
      for (int i = 0; i < SECONDS * 20 && acknowledged.size() < keys; i++) {
        Thread.sleep(50);
      }
      assertTrue(acknowledged.size() >= keys, acknowledged.size() + " of " + keys);
    }

    void end() throws InterruptedException {
      ended.set(true);
      thread.join();
    }
  }

  @Test
  void commitWhoseAnswerIsLostIsFoundToBeDone() throws Exception {
    try (CommitThief network = new CommitThief(server.port())) {
      KmsHome a = machine("a", through(network));
      create(a, "before");

      network.plan(CommitThief.Plan.LOSE_ANSWER);
      KeyId key = create(a, "k");

      assertTrue(network.isDone());
      assertEquals(2, keys(a).size());
      assertTrue(keys(a).contains(key));
      create(a, "after");
    }
  }

  @Test
  void commitThatNeverArrivesIsRefusedAndCanBeRepeated() throws Exception {
    try (CommitThief network = new CommitThief(server.port())) {
      KmsHome a = machine("a", through(network));
      create(a, "before");

      network.plan(CommitThief.Plan.LOSE_COMMIT);
      KmsException e = assertThrows(KmsException.StoreUnavailable.class, () -> create(a, "k"));

      assertTrue(network.isDone());
      assertTrue(String.valueOf(e.getMessage()).contains("try again"), e.getMessage());
      assertEquals(1, keys(a).size());
      create(a, "k");
      assertEquals(2, keys(a).size());
    }
  }

  /** Statements are sent as text each time, so that the network can read them. */
  private static String through(CommitThief network) {
    return "jdbc:postgresql://127.0.0.1:" + network.port() + "/kms?user=owner&prepareThreshold=0";
  }

  @Test
  void passwordComesFromTheFileForIt() throws Exception {
    String url = "jdbc:postgresql://" + server.address() + "/kms?user=guarded";
    Path file =
        Files.writeString(
            folder.resolve("pgpass"), "127.0.0.1:*:kms:guarded:" + StoreServer.PASSWORD + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    KmsException refused = assertThrows(KmsException.Configuration.class, () -> machine("a", url));
    assertTrue(String.valueOf(refused.getMessage()).contains(".pgpass"), refused.getMessage());
    System.setProperty("org.postgresql.pgpassfile", file.toString());
    try {
      create(machine("a", url), "k");
    } finally {
      System.clearProperty("org.postgresql.pgpassfile");
    }
  }

  @Test
  void passwordInTheSettingsIsRefusedAndNotRepeated() {
    KmsException e =
        assertThrows(
            KmsException.Configuration.class,
            () -> machine("a", server.url() + "&password=" + "s3cret"));

    assertFalse(String.valueOf(e.getMessage()).contains("s3cret"), e.getMessage());
  }

  @Test
  void databasesThatDoNotFitAreNamed() throws Exception {
    server.run("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    server.run("postgres", "CREATE DATABASE theirs");
    server.run("theirs", "CREATE TABLE orders (id BIGINT)");
    String base = "jdbc:postgresql://" + server.address();

    assertRefused(base + "/latin?user=owner", "UTF8");
    assertRefused(base + "/theirs?user=owner", "another program");
    assertRefused(base + "/nowhere?user=owner", "Create it");
    assertRefused("jdbc:postgresql://127.0.0.1:1/kms?user=owner", "cannot be reached");
    assertRefused("jdbc:postgres://127.0.0.1/kms", "not supported");
  }

  private void assertRefused(String url, String says) throws IOException {
    Path home = Files.createTempDirectory(folder, "refused");
    KmsException e =
        assertThrows(KmsException.class, () -> KmsHome.in(home, "store=" + url).close());
    assertTrue(String.valueOf(e.getMessage()).contains(says), e.getMessage());
  }

  /** The statements are those of the README. */
  @Test
  void applicationNeedsNoRightToChangeTables() throws Exception {
    server.run("postgres", "CREATE ROLE kms_owner LOGIN");
    server.run("postgres", "CREATE ROLE kms_app LOGIN");
    server.run(
        "postgres", "CREATE DATABASE roles OWNER kms_owner ENCODING 'UTF8' TEMPLATE template0");
    server.run(
        "roles",
        "ALTER DEFAULT PRIVILEGES FOR ROLE kms_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES"
            + " TO kms_app");
    String url = "jdbc:postgresql://" + server.address() + "/roles?user=";
    machine("a", url + "kms_owner");

    KmsHome app = machine("b", url + "kms_app");
    KeyId key = create(app, "k");
    assertOpens(app, encrypt(app, key));

    SQLException refused =
        assertThrows(
            SQLException.class,
            () -> server.run("roles", "SET ROLE kms_app; ALTER TABLE cmk ADD COLUMN x BIGINT"));
    assertEquals("42501", refused.getSQLState());
    KmsException e =
        assertThrows(
            KmsException.class,
            () ->
                KmsSetup.init(
                    KmsConfig.fromFile(
                        Files.write(
                            Files.createDirectories(folder.resolve("new"))
                                .resolve("strongroom.properties"),
                            List.of(
                                "store=jdbc:postgresql://"
                                    + server.address()
                                    + "/kms?user=kms_app")))));
    assertTrue(String.valueOf(e.getMessage()).contains("Grant it the right"), e.getMessage());
  }

  @Test
  void aliasesAreListedInTheOrderOfTheirBytes() throws Exception {
    KmsHome a = machine("a", server.url());
    for (String name : List.of("b", "B", "a_", "a-", "A")) {
      create(a, name);
    }

    assertEquals(
        List.of("alias/A", "alias/B", "alias/a-", "alias/a_", "alias/b"),
        a.kms().listAliases(a.root(), null, null, 100).items().stream()
            .map(entry -> entry.alias().toString())
            .toList());
  }
}
