// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A journal among threads, from its first record to its end. */
class JournalLifeTest extends JournalFolder {

  @Test
  void constructorAndCloseWithoutRecordsTouchNothing() {
    journal().close();

    assertFalse(Files.exists(folder()));
  }

  @Test
  void closingTwiceIsAllowedAndRecordingAfterwardsIsNot() {
    Journal journal = journal();
    journal.record(Events.decrypt());
    journal.close();
    journal.close();

    assertThrows(IllegalStateException.class, () -> journal.record(Events.decrypt()));
    assertThrows(
        IllegalStateException.class,
        () -> {
          Journal unused = journal();
          unused.close();
          unused.record(Events.decrypt());
        });
    assertEquals(1, journal.lookup(ALL).size());
  }

  @Test
  void eightThreadsRecordEachOfTheirEventsOnceAndInTheirOrder() throws InterruptedException {
    int threads = 8;
    int each = 5000;
    try (Journal journal = journal()) {
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t * each;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < each; i++) {
                    journal.record(Events.numbered(first + i));
                  }
                });
        thread.start();
        running.add(thread);
      }
      for (Thread thread : running) {
        thread.join();
      }
    }

    assertIntact((long) threads * each);
    int[] next = new int[threads];
    for (AuditRecord record : lookupAll()) {
      int number = Integer.parseInt(record.encryptionContext().getOrDefault("number", "-1"));
      assertEquals(next[number / each]++, number % each);
    }
  }

  @Test
  void interruptedCallersRecordAllTheSame() {
    try (Journal journal = journal()) {
      for (int i = 0; i < 100; i++) {
        Thread.currentThread().interrupt();
        journal.record(Events.decrypt());
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
      }
    }
    assertIntact(100);
  }

  @Test
  void interruptingTheJournalsThreadHarmsNothing() throws InterruptedException {
    try (Journal journal = journal()) {
      for (int i = 0; i < 50; i++) {
        journal.record(Events.decrypt());
        journalThreads().forEach(Thread::interrupt);
        Thread.sleep(3);
      }
    }
    assertIntact(50);
  }

  @Test
  void threadIsADaemonWithoutAClassLoaderAndEndsWithTheJournal() throws InterruptedException {
    Journal journal = journal();
    journal.record(Events.decrypt());
    Thread thread = journalThreads().get(0);

    assertTrue(thread.isDaemon());
    assertEquals(null, thread.getContextClassLoader());
    journal.close();
    thread.join(5000);
    assertFalse(thread.isAlive());
  }

  @Test
  void journalThatIsForgottenEndsItself() throws InterruptedException {
    WeakReference<Journal> forgotten = forgetJournal();

    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!verifyOnly().isClosed() && System.nanoTime() < deadline) {
      System.gc();
      Thread.sleep(50);
    }
    assertTrue(forgotten.refersTo(null));
    assertTrue(verifyOnly().isClosed());
    assertIntact(1);
  }

  private WeakReference<Journal> forgetJournal() {
    Journal journal = journal();
    journal.record(Events.decrypt());
    return new WeakReference<>(journal);
  }

  @Test
  void withoutAKeyNothingIsRecordedAndLaterItIs() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    StreamKeys late =
        keys(
            stream -> {
              if (attempts.incrementAndGet() == 1) {
                throw new KmsException.HsmUnavailable("The HSM is away.", null);
              }
              return Events.keyOf(stream, 1);
            });
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()), late, new Register(), TestNotary.INSTANCE, clock())) {
      KmsException.AuditUnavailable refusal =
          assertThrows(KmsException.AuditUnavailable.class, () -> journal.record(Events.decrypt()));
      assertTrue(String.valueOf(refusal.getMessage()).contains("The HSM is away."));
      assertTrue(journal.failure().isPresent());

      Thread.sleep(150);
      journal.record(Events.decrypt());
      assertEquals(Optional.empty(), journal.failure());
    }
    assertIntact(1);
  }

  @Test
  void keysOfTheStreamsAreErased() {
    List<byte[]> handedOut = new ArrayList<>();
    StreamKeys keys =
        keys(
            stream -> {
              byte[] key = Events.keyOf(stream, 1);
              handedOut.add(key);
              return key;
            });
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()), keys, new Register(), TestNotary.INSTANCE, clock())) {
      journal.record(Events.decrypt());
    }

    assertEquals(1, handedOut.size());
    assertEquals(-1, java.util.Arrays.mismatch(new byte[32], handedOut.get(0)));
  }

  private static List<Thread> journalThreads() {
    @Nullable Thread[] threads = new @Nullable Thread[Thread.activeCount() + 100];
    Thread.enumerate(threads);
    return Stream.of(threads)
        .filter(thread -> thread != null && thread.getName().equals("strongroom-audit"))
        .map(java.util.Objects::requireNonNull)
        .toList();
  }

  private static StreamKeys keys(Function<UUID, byte[]> keys) {
    return new StreamKeys() {
      @Override
      public int currentVersion() {
        return 1;
      }

      @Override
      public Optional<byte[]> keyOf(UUID stream, int version) {
        return Optional.of(keys.apply(stream));
      }
    };
  }
}
