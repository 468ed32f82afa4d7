// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery.Attribute;
import dev.strongroom.kms.audit.AuditQuery.AttributeKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFeedTest {
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final Register register = new Register();

  @TempDir Path folder;

  @Test
  void recordsComeOnceAndOnlyThoseOfNow() {
    try (Journal journal = journal()) {
      journal.record(Events.numbered(1));
      try (RecordFeed feed = journal.follow(AuditQuery.newest(1))) {
        assertEquals(List.of(), poll(feed));
        journal.record(Events.numbered(2));
        journal.record(Events.numbered(3));
        assertEquals(List.of("2", "3"), poll(feed));
        assertEquals(List.of(), poll(feed));
        journal.record(Events.numbered(4));
        assertEquals(List.of("4"), poll(feed));
      }
    }
  }

  @Test
  void otherProcessesAreFollowedFromTheirFirstRecordToTheirLast() {
    record(0);
    try (Journal journal = journal();
        RecordFeed feed = journal.follow(AuditQuery.newest(1))) {
      record(1, 2);
      record(3);

      assertEquals(List.of("1", "2", "3"), poll(feed).stream().sorted().toList());
      assertEquals(List.of(), poll(feed));
    }
  }

  @Test
  void newFileOfAStreamIsGoneOnWith() {
    JournalSettings small = JournalSettings.in(folder).withMaxFileBytes(1 << 18);
    try (Journal journal =
            new Journal(small, Events.KEYS, register, TestNotary.INSTANCE, Clock.systemUTC());
        RecordFeed feed = journal.follow(AuditQuery.newest(1))) {
      List<String> expected = new ArrayList<>();
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        journal.record(Events.numbered(i));
        expected.add(Integer.toString(i));
        if (i % 1_000 == 17) {
          seen.addAll(poll(feed));
        }
      }
      seen.addAll(poll(feed));

      assertEquals(expected, seen);
    }
  }

  /** The next file is there, all zeros, while records still go to the one before. */
  @Test
  void fileThatIsMadeAheadOfNeedHidesNothing() throws IOException {
    try (Journal journal = journal()) {
      journal.record(Events.numbered(1));
      UUID stream = StreamFiles.in(folder).keySet().iterator().next();
      try (RecordFeed before = journal.follow(AuditQuery.newest(1))) {
        Files.write(folder.resolve(JournalFile.name(stream, 1)), new byte[4096]);
        assertEquals(List.of(), poll(before));
        try (RecordFeed after = journal.follow(AuditQuery.newest(1))) {
          journal.record(Events.numbered(2));

          assertEquals(List.of("2"), poll(before));
          assertEquals(List.of("2"), poll(after));
        }
      }
    }
  }

  @Test
  void onlyWhatIsAskedForComes() {
    AuditQuery refused =
        AuditQuery.newest(1).with(new Attribute(AttributeKey.ERROR_CODE, "AccessDeniedException"));
    try (Journal journal = journal();
        RecordFeed feed = journal.follow(refused)) {
      journal.record(Events.decrypt());
      journal.record(Events.refused());

      List<String> names = new ArrayList<>();
      feed.poll(record -> names.add(record.eventName()));
      assertEquals(List.of("DescribeKey"), names);
    }
  }

  @Test
  void damagedStreamEndsTheFeedOfItAndOfNoOther() throws IOException {
    try (Journal journal = journal();
        RecordFeed feed = journal.follow(AuditQuery.newest(1))) {
      record(1);
      Path file = StreamFiles.in(folder).values().iterator().next().get(0);
      byte[] bytes = Files.readAllBytes(file);
      bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Decrypt")] = 'X';
      Files.write(file, bytes);
      journal.record(Events.numbered(2));

      assertEquals(List.of("2"), poll(feed));
    }
  }

  @Test
  void feedThatCannotBeginLeavesNoFileOpen() throws IOException {
    assumeTrue(Files.isDirectory(OPEN_FILES));
    try (Journal journal = journal()) {
      journal.record(Events.numbered(1));
      Files.createDirectory(folder.resolve(JournalFile.name(new UUID(Long.MAX_VALUE, 0), 0)));
      List<Path> before = openFiles();

      assertThrows(KmsException.AuditUnavailable.class, () -> journal.follow(AuditQuery.newest(1)));

      assertEquals(before, openFiles());
    }
  }

  private List<Path> openFiles() throws IOException {
    List<Path> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        names.add(Files.readSymbolicLink(file));
      }
    }
    return names.stream().filter(name -> name.startsWith(folder)).sorted().toList();
  }

  private Journal journal() {
    return new Journal(
        JournalSettings.in(folder), Events.KEYS, register, TestNotary.INSTANCE, Clock.systemUTC());
  }

  /** What another process would write that then ends. */
  private void record(int... numbers) {
    try (Journal other = journal()) {
      for (int number : numbers) {
        other.record(Events.numbered(number));
      }
    }
  }

  private static List<String> poll(RecordFeed feed) {
    List<String> numbers = new ArrayList<>();
    feed.poll(record -> numbers.add(record.encryptionContext().getOrDefault("number", "none")));
    return numbers;
  }
}
