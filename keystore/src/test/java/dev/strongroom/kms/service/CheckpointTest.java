// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.metrics.JmxRegistration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A KMS in a process that is written to a checkpoint, and restored perhaps more than once. */
class CheckpointTest {
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final byte[] PLAINTEXT = "a secret".getBytes(StandardCharsets.UTF_8);

  @TempDir Path home;
  private KmsFixture fixture;
  private KeyId key;

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void checkpoint() throws Exception {
    Core.getGlobalContext().beforeCheckpoint(Core.getGlobalContext());
    Core.getGlobalContext().afterRestore(Core.getGlobalContext());
  }

  private byte[] encrypt() {
    return fixture.kms().encrypt(fixture.root(), key, SYMMETRIC, PLAINTEXT, NONE).ciphertextBlob();
  }

  private List<String> journals() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("audit"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatWasMadeBeforeIsOfUseAfterwards() throws Exception {
    byte[] blob = encrypt();
    KeyStoreView view = fixture.kms().openKeyStore(fixture.root());

    checkpoint();

    assertArrayEquals(
        PLAINTEXT, fixture.kms().decrypt(fixture.root(), null, SYMMETRIC, blob, NONE).plaintext());
    assertEquals(List.of(key.text()), view.names());
    fixture.kms().createAlias(fixture.root(), new Alias("alias/new"), key);
    assertEquals(List.of("new"), view.names(), "follows changes as before");
  }

  @Test
  void copiesSealUnderSubkeysAndWriteJournalsOfTheirOwn() throws Exception {
    byte[] before = encrypt();
    List<String> journal = journals();

    checkpoint();
    byte[] after = encrypt();

    int epoch = 25; // where N stands in a blob; 32 bytes
    assertFalse(
        Arrays.equals(before, epoch, epoch + 32, after, epoch, epoch + 32), "one epoch for both");
    assertNotEquals(journal, journals(), "one stream for both");
    Health health = fixture.kms().health();
    assertFalse(health.hasErrors(), health::toString);
  }

  @Test
  void noFileOfTheKmsIsOpenInTheCheckpoint() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux's /proc");
    encrypt();
    assertNotEquals(List.of(), openFiles());

    Core.getGlobalContext().beforeCheckpoint(Core.getGlobalContext());

    assertEquals(List.of(), openFiles());
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("strongroom-journal")));
  }

  private List<Path> openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.map(CheckpointTest::target).filter(file -> file.startsWith(home)).toList();
    }
  }

  private static Path target(Path file) {
    try {
      return Files.readSymbolicLink(file);
    } catch (IOException e) {
      return file; // closed meanwhile
    }
  }

  @Test
  void aTemporaryKmsIsNotWrittenToACheckpoint() {
    try (Kms temporary = KmsEngines.temporary()) {
      assertThrows(Exception.class, CheckpointTest::checkpoint);
      assertFalse(temporary.health().hasErrors());
    }
  }

  @Test
  void aClosedKmsStaysClosed() throws Exception {
    Kms kms = fixture.kms();
    fixture.close();

    checkpoint();

    assertThrows(IllegalStateException.class, () -> kms.generateRandom(fixture.root(), 1));
    fixture = KmsFixture.in(home);
  }

  @Test
  void snapshotSafeWorksTheSame() throws Exception {
    fixture.close();
    Files.writeString(home.resolve("strongroom.properties"), "snapshot-safe=true\n");
    fixture = KmsFixture.in(home);
    byte[] blob = encrypt();

    assertArrayEquals(
        PLAINTEXT, fixture.kms().decrypt(fixture.root(), null, SYMMETRIC, blob, NONE).plaintext());
  }

  @Test
  void snapshotSafeIsTrueOrFalse() throws Exception {
    fixture.close();
    Files.writeString(home.resolve("strongroom.properties"), "snapshot-safe=perhaps\n");

    assertThrows(KmsException.Configuration.class, () -> KmsFixture.in(home));

    Files.writeString(home.resolve("strongroom.properties"), "");
    fixture = KmsFixture.in(home);
  }

  @Test
  void bytesOfTheHsmAreMixedInFromTimeToTime() throws Exception {
    CountDownLatch mixed = new CountDownLatch(3);
    SecureRandom random =
        new SecureRandom() {
          private static final long serialVersionUID = 1;

          @Override
          public void setSeed(byte[] seed) {
            mixed.countDown();
          }
        };
    try (Hsm hsm = HsmOpener.open(fixture.config())) {
      HsmRandom hsmRandom = new HsmRandom(hsm);
      Keeper.Duties duties = new Keeper.Duties(() -> {}, () -> {}, () -> hsmRandom.mixInto(random));
      Keeper.Periods often =
          new Keeper.Periods(
              Duration.ofMillis(1),
              Duration.ofMillis(5),
              Duration.ofHours(1),
              Duration.ofMillis(10));
      JmxRegistration jmx = new JmxRegistration("Kept", fixture.kms().metrics(), false);

      try (Keeper keeper = Keeper.start(duties, often, jmx)) {
        assertTrue(mixed.await(20, TimeUnit.SECONDS), keeper::toString);
      }
    }
  }
}
