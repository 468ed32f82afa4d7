// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.audit.export.LogExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one of two folders has is read, whatever happened to the other, and what did is named. */
@Timeout(60)
class SecondFolderReadingTest extends PairScene {
  private static final int RECORDS = 12_000;

  private void write() {
    try (Journal journal = journal()) {
      record(journal, RECORDS);
    }
  }

  private static void change(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private void assertAllIsRead() {
    try (Journal reader = journal()) {
      List<AuditRecord> found = reader.lookup(AuditQuery.newest(RECORDS + 1));
      assertEquals(RECORDS, found.size());
      assertTrue(
          found.stream().allMatch(record -> record.integrity() == AuditRecord.Integrity.SEALED));
      assertEquals(RECORDS, intactRecords(folders()));
      assertEquals(
          RECORDS,
          reader
              .sumUsage(
                  new AuditQuery.Viewer("111122223333", true),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty())
              .sums()
              .stream()
              .mapToLong(sum -> sum.calls())
              .sum());
    }
  }

  @Test
  void changedCopyIsNamedAndTheOtherIsRead() throws IOException {
    write();
    Path file = Objects.requireNonNull(filesIn(first()).get(1));
    change(file);

    assertEquals(
        List.of(file.toString()), copyFindings().stream().map(f -> f.file()).distinct().toList());
    assertTrue(copyFindings().get(0).sentence().contains(second().toString()));
    assertAllIsRead();
  }

  @Test
  void filesThatAreGoneInEitherFolderAreNamedAndReadInTheOther() throws IOException {
    write();
    Path inFirst = Objects.requireNonNull(filesIn(first()).get(0));
    Path inSecond = Objects.requireNonNull(filesIn(second()).get(1));
    Files.delete(inFirst);
    change(inSecond);

    assertEquals(
        List.of(inFirst.toString(), inSecond.toString()),
        copyFindings().stream().map(f -> f.file()).distinct().toList());
    assertAllIsRead();
  }

  @Test
  void copyThatEndsEarlyIsNamedWhereItsStreamHasEnded() throws IOException {
    write();
    Path file = Objects.requireNonNull(filesIn(second()).get(0));
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 50_000));

    assertEquals(1, copyFindings().size());
    assertTrue(copyFindings().get(0).sentence().contains("ends early"));
    assertAllIsRead();
  }

  @Test
  void proofAndExportComeFromTheCopyThatIsWhole() throws IOException {
    write();
    change(Objects.requireNonNull(filesIn(first()).get(0)));
    deleteAll(first().resolve("owners"));

    UUID stream = StreamFiles.in(second()).keySet().iterator().next();
    UUID event = AuditRecord.derivedId("event", stream, 5);
    try (Journal reader = journal()) {
      assertEquals(5, reader.prove(event).index());
      assertEquals(
          RECORDS,
          new LogExport(reader, Events.PLACE, ChildProcess.fastClock())
              .into(temp.resolve("export"))
              .records());
    }
  }

  @Test
  void changeInBothFoldersAtTheSamePlaceIsAFinding() throws IOException {
    write();
    change(Objects.requireNonNull(filesIn(first()).get(0)));
    change(Objects.requireNonNull(filesIn(second()).get(0)));

    UUID stream = StreamFiles.in(first()).keySet().iterator().next();
    assertTrue(!verifier(folders()).verify(stream).isIntact());
  }

  @Test
  void feedGoesOnInTheOtherFolder() throws IOException {
    List<String> numbers = new ArrayList<>();
    try (Journal journal = journal();
        RecordFeed feed = journal.follow(AuditQuery.newest(1))) {
      record(journal, 100);
      feed.poll(record -> numbers.add(number(record)));
      remove(first());
      recordUntil(journal, () -> journal.state().folderFailures() == 1);
      record(journal, 9000);
      recordUntil(
          journal,
          () -> {
            feed.poll(record -> numbers.add(number(record)));
            return numbers.size() >= 9100;
          });
      journal.close();
      feed.poll(record -> numbers.add(number(record)));
    }
    List<String> expected = new ArrayList<>();
    for (long number = 0; number < recorded; number++) {
      expected.add(Long.toString(number));
    }
    assertEquals(expected, numbers.stream().sorted(Comparator.comparing(Long::valueOf)).toList());
  }

  private static String number(AuditRecord record) {
    return record.encryptionContext().getOrDefault("number", "none");
  }
}
