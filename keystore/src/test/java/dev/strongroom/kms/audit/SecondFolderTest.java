// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal that is kept in two folders goes on while one of them takes records. */
@Timeout(120)
class SecondFolderTest extends PairScene {

  @ParameterizedTest
  @EnumSource(JournalSettings.Sync.class)
  void bothFoldersHaveTheSameBytes(JournalSettings.Sync sync) throws IOException {
    try (Journal journal = journal(settings(folders()).withSync(sync))) {
      record(journal, sync == JournalSettings.Sync.BATCH ? 20_000 : 300);
    }
    assertTrue(names(first()).size() > (sync == JournalSettings.Sync.BATCH ? 2 : 0));
    assertAlike();
    assertEquals(recorded, intactRecords(TrailFolders.of(second())));
    assertEquals(List.of(), names(first().resolve("owners")));
    assertEquals(List.of(), names(second().resolve("owners")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void noCallIsRefusedWhenAFolderIsRemovedAndItIsCaughtUp(String name) throws IOException {
    Path folder = temp.resolve(name);
    try (Journal journal = journal()) {
      record(journal, 5000);
      recordUntil(journal, () -> hasJournal(second()));
      remove(folder);
      recordUntil(journal, () -> journal.state().folderFailures() == 1);
      recordUntil(journal, () -> areFailing(journal, 0));
      record(journal, 5000);
      recordUntil(journal, () -> !isAtWork("strongroom-audit-heal"));
    }
    assertEquals(recorded, intactRecords(folders()));
    assertEquals(0, copyFindings().size());
    assertEquals(recorded, intactRecords(TrailFolders.of(folder)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void folderThatCannotBeMadeIsLeftOutUntilItCan(String name) throws IOException {
    Path blocked = Files.writeString(temp.resolve(name), "a file is in its place");
    try (Journal journal = journal()) {
      record(journal, 1000);
      assertEquals(1, journal.failingFolders().size());
      assertTrue(journal.failingFolders().containsKey(blocked));
      assertTrue(journal.failure().isEmpty());
      assertTrue(journal.state().isWritable());

      Files.delete(blocked);
      recordUntil(journal, () -> areFailing(journal, 0));
      assertEquals(1, journal.state().folderFailures());
    }
    assertAlike();
    assertEquals(recorded, intactRecords(TrailFolders.of(blocked)));
  }

  @Test
  void whileBothFailCallsAreRefusedAndOneThatWorksIsEnoughAgain() throws IOException {
    try (Journal journal = journal()) {
      record(journal, 100);
      Path firstAway = takeAway(first());
      Path secondAway = takeAway(second());
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (!isRefused(journal) || journal.failure().isEmpty()) {
        assertTrue(System.nanoTime() < deadline);
      }
      assertFalse(journal.state().isWritable());

      putBack(secondAway, second());
      while (isRefused(journal)) {
        assertTrue(System.nanoTime() < deadline + 10_000_000_000L);
      }
      record(journal, 100);
      putBack(firstAway, first());
      recordUntil(journal, () -> areFailing(journal, 0));
    }
    assertTrue(intactRecords(folders()) >= recorded);
  }

  @Test
  void fileThatIsReplacedOrCutShortInTheFirstFolderRefusesNoCall() throws IOException {
    try (Journal journal = journal()) {
      record(journal, 1000);
      Path file = Objects.requireNonNull(filesIn(first()).get(0));
      byte[] copy = Files.readAllBytes(file);
      Files.delete(file);
      Files.write(file, copy);

      recordUntil(journal, () -> journal.state().folderFailures() == 1);
      record(journal, 1000);
    }
    assertEquals(recorded, intactRecords(folders()));
  }

  @Test
  void laterStartCopiesWhatAFolderLacks() throws IOException {
    Files.writeString(second(), "a file is in its place");
    try (Journal journal = journal()) {
      record(journal, 5000);
    }
    Files.delete(second());
    assertEquals(names(first()).size(), copyFindings().size());

    startAnew();

    assertEquals(0, copyFindings().size());
    assertAlike();
  }

  @Test
  void changedFileIsNotHealedOver() throws IOException {
    try (Journal journal = journal()) {
      record(journal, 1000);
    }
    Path file = Objects.requireNonNull(filesIn(second()).get(0));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));

    startAnew();

    assertEquals(bytes.length - 10, Files.size(file));
    assertTrue(copyFindings().stream().allMatch(f -> f.file().equals(file.toString())));
    assertEquals(recorded, intactRecords(folders()));
  }

  @Test
  void foldersThatAreOneOrLieInOneAnotherAreRefused() throws IOException {
    Files.createDirectories(first());
    Path link = Files.createSymbolicLink(temp.resolve("link"), first());
    for (Path other :
        new Path[] {
          first(),
          first().resolve("../first"),
          first().resolve("deep/er"),
          temp,
          link,
          link.resolve("below")
        }) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> new TrailFolders(first(), Optional.of(other)),
              other.toString());
      assertTrue(String.valueOf(refusal.getMessage()).contains("on another disk"));
    }
    assertEquals(2, new TrailFolders(first(), Optional.of(temp.resolve("first2"))).all().size());
  }

  private static boolean hasJournal(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".journal"));
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static boolean isAtWork(String thread) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(other -> other.getName().equals(thread));
  }

  /** Begins and ends a journal, and waits until it has copied what it had to. */
  private void startAnew() {
    try (Journal journal = journal()) {
      record(journal, 1);
    }
    try {
      ChildProcess.awaitSealing();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
