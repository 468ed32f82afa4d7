// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.JournalSettings.Checkpoints;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When the HSM signs what was recorded. */
class CheckpointTrailTest extends CheckpointFolder {
  /** Signs as the tests' notary does, once it is let to. */
  private abstract static class SlowNotary implements Notary {
    @Override
    public String name() {
      return TestNotary.INSTANCE.name();
    }

    @Override
    public List<PublicKey> publicKeys() {
      return TestNotary.INSTANCE.publicKeys();
    }

    @Override
    public List<String> facts() {
      return List.of();
    }

    @Override
    public void publish(UUID stream, String note) throws IOException {}

    @Override
    public Optional<String> published(UUID stream) {
      return Optional.empty();
    }
  }

  @Test
  void closedJournalIsSignedToItsLastRecord() throws Exception {
    try (Journal journal = journal(Checkpoints.DEFAULT, TestNotary.INSTANCE)) {
      record(journal, 1000);
    }
    Verification found = outside();

    assertEquals(List.of(), found.findings());
    assertEquals(1000, found.records());
    assertEquals(1000, found.checkpointedRecords());
    assertEquals(0, found.sealedRecords());
    assertTrue(found.isClosed());
    assertEquals(1, checkpoints().size());
    assertEquals(List.of("assurance test"), checkpoints().get(0).facts());
    String witnessed = requireNonNull(TestNotary.INSTANCE.newest.get(found.stream()));
    assertEquals(checkpoints().get(0).toText(), SignedNote.parse(witnessed).orElseThrow().text());
  }

  @Test
  void checkpointsComeByNumberAndByTimeAndNameEachOther() throws Exception {
    Checkpoints often = new Checkpoints(100, Duration.ofHours(1));
    try (Journal journal = journal(often, TestNotary.INSTANCE)) {
      for (int i = 1; i <= 3; i++) {
        record(journal, 150);
        int expected = i;
        await(() -> checkpoints().size() >= expected);
      }
    }
    List<Checkpoint> made = checkpoints();
    assertTrue(made.size() >= 3);
    assertTrue(made.get(0).previous().isEmpty());
    assertTrue(made.get(1).previous().isPresent());
    assertEquals(450, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
  }

  @Test
  void idleJournalGetsItsCheckpointToo() throws Exception {
    Checkpoints soon = new Checkpoints(1_000_000, Duration.ofMillis(200));
    try (Journal journal = journal(soon, TestNotary.INSTANCE)) {
      record(journal, 1);
      await(() -> checkpoints().size() == 1);
      Thread.sleep(500);
      assertEquals(1, checkpoints().size(), "without new records there is nothing to sign");
      record(journal, 1);
      await(() -> checkpoints().size() == 2);
    }
    assertEquals(2, outside().checkpointedRecords());
  }

  @Test
  void noCallWaitsForASlowNotary() throws Exception {
    CountDownLatch let = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    Notary slow =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            asked.countDown();
            try {
              let.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(new Checkpoints(10, Duration.ofHours(1)), slow)) {
      record(journal, 100);
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      record(journal, 10_000);
      assertEquals(List.of(), checkpoints());
      let.countDown();
      await(() -> !checkpoints().isEmpty());
    }
    assertEquals(10_100, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
  }

  @Test
  void whatCouldNotBeSignedIsSignedLater() throws Exception {
    AtomicBoolean isAway = new AtomicBoolean(true);
    CountDownLatch tried = new CountDownLatch(2);
    Notary away =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            tried.countDown();
            if (isAway.get()) {
              throw new KmsException.HsmUnavailable("The HSM is away.", null);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(new Checkpoints(1, Duration.ofHours(1)), away)) {
      await(
          () -> {
            record(journal, 1);
            return tried.getCount() == 0;
          });
      isAway.set(false);
      record(journal, 1);
      await(() -> !checkpoints().isEmpty());
    }
    assertEquals(List.of(), outside().findings());
    assertEquals(outside().records(), outside().checkpointedRecords());
  }

  /** An HSM that is away is not asked as fast as can be. */
  @Test
  void signatureIsTriedAgainAfterAPause() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Notary away =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            asked.incrementAndGet();
            throw new KmsException.HsmUnavailable("The HSM is away.", null);
          }
        };
    try (Journal journal = journal(new Checkpoints(1, Duration.ofHours(1)), away)) {
      record(journal, 1);
      await(() -> asked.get() >= 3);
      assertTrue(asked.get() <= 4, asked + " attempts in two seconds");
    }
  }

  /** Without a pause it would be asked a hundred times a second, each time with a stack trace. */
  @Test
  void errorOfTheSigningThreadIsPausedAfter() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Notary broken =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            asked.incrementAndGet();
            throw new NoClassDefFoundError("something");
          }
        };
    try (Journal journal = journal(new Checkpoints(1, Duration.ofHours(1)), broken)) {
      record(journal, 1);
      await(() -> asked.get() >= 1);
      Thread.sleep(500);
      assertTrue(asked.get() <= 2, asked + " attempts in half a second");
    }
  }

  @Test
  void whatTheWitnessDidNotTakeIsGivenToItAgain() throws Exception {
    List<String> tried = new CopyOnWriteArrayList<>();
    Notary refusing =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            return TestNotary.INSTANCE.sign(hash);
          }

          @Override
          public void publish(UUID stream, String note) throws IOException {
            tried.add(note);
            if (tried.size() < 3) {
              throw new IOException("no route to the witness");
            }
          }
        };
    try (Journal journal = journal(new Checkpoints(1, Duration.ofMillis(20)), refusing)) {
      record(journal, 1);
      await(() -> tried.size() >= 3);
    }
    assertEquals(3, tried.size());
    assertEquals(1, Set.copyOf(tried).size());
    assertEquals(1, checkpoints().size());
  }

  @Test
  void signatureThatNeverComesLetsTheJournalEndWithoutIt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Notary hanging =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(Checkpoints.DEFAULT, hanging)) {
      record(journal, 3);
    }
    byte[] ended = Files.readAllBytes(files().get(0));
    List<Thread> signing =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("strongroom-checkpoint"))
            .toList();
    assertFalse(signing.isEmpty(), "the signature was not asked for");
    never.countDown();
    for (Thread thread : signing) {
      thread.join(20_000);
    }

    assertEquals(ByteBuffer.wrap(ended), ByteBuffer.wrap(Files.readAllBytes(files().get(0))));
    assertTrue(outside().isClosed());
    assertEquals(0, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
  }
}
