// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import dev.strongroom.kms.audit.export.LogExport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Exports that were killed, that meet each other, or whose folder somebody prepared. */
class ExportFaultTest extends ExportedTrail {
  /** The moment between deciding for the new state and having moved its files. */
  @Test
  void exportThatWasKilledWhileItMovedItsFilesIsEndedByTheNext() throws Exception {
    List<ExportResult> exports = threeExports();
    Path files = target().resolve(".committed").resolve("files");
    for (String object :
        List.of(
            exports.get(2).digest(),
            exports.get(2).digest() + ".metadata.json",
            "strongroom-export.json")) {
      Path moved = files.resolve(object);
      Files.createDirectories(moved.getParent());
      Files.move(target().resolve(object), moved);
    }
    assertFalse(check().isIntact());

    try (Journal journal = open()) {
      assertEquals(0, export(journal).records());
    }
    assertEquals(new ExportVerification(4, 3, List.of()), check());
    assertFalse(Files.exists(target().resolve(".committed")));
  }

  @Test
  void whatWasNeverWholeIsThrownAway() throws Exception {
    Path staged = Files.createDirectories(target().resolve(".staged").resolve("files"));
    Files.writeString(staged.resolve("half"), "of something");

    threeExports();

    assertTrue(check().isIntact());
    try (Stream<Path> left = Files.list(target())) {
      assertEquals(
          Set.of(".lock", "AWSLogs", "strongroom-export.json"),
          Set.copyOf(left.map(path -> path.getFileName().toString()).toList()));
    }
  }

  @Test
  void secondExportAtTheSameTimeIsRefused() throws Exception {
    threeExports();
    try (Journal journal = open();
        FileChannel file = FileChannel.open(target().resolve(".lock"), StandardOpenOption.WRITE)) {
      file.lock();
      KmsException.Configuration refused =
          assertThrows(KmsException.Configuration.class, () -> export(journal));
      assertTrue(String.valueOf(refused.getMessage()).contains("another export writes to it"));
    }
    assertTrue(check().isIntact());
  }

  /** POSIX gives up all locks of a process on a file when it closes one channel of it. */
  @Test
  void refusedExportLeavesTheLockOfTheFirst() throws Exception {
    threeExports();
    Path lock = target().resolve(".lock");
    boolean[] wasFree = {true};
    Clock inside =
        new Time() {
          @Override
          public Instant instant() {
            // The first export asks for the time while it holds the folder.
            try (Journal second = open()) {
              assertThrows(KmsException.Configuration.class, () -> export(second));
            }
            try {
              wasFree[0] = ChildProcess.isFree(lock);
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
            return time.instant();
          }
        };
    try (Journal journal = open()) {
      new LogExport(journal, Events.PLACE, inside).into(target());
    }
    assertFalse(wasFree[0]);
  }

  @Test
  void exportInTheSameSecondIsRefusedAndLosesNothing() throws Exception {
    try (Journal journal = open()) {
      record(journal, 1);
      export(journal);
      record(journal, 1);
      LogExport sameSecond = new LogExport(journal, Events.PLACE, time);
      assertThrows(KmsException.Configuration.class, () -> sameSecond.into(target()));
      assertEquals(1, export(journal).records());
    }
    assertTrue(check().isIntact());
  }

  @Test
  void exportOfAnotherKmsIsNotContinued() throws Exception {
    threeExports();
    TestNotary stranger = new TestNotary(KeyPairGenerator.getInstance("EC").generateKeyPair());
    try (Journal journal =
        new Journal(JournalSettings.in(folder()), Events.KEYS, register, stranger, time)) {
      assertThrows(KmsException.Configuration.class, () -> export(journal));
    }
    assertTrue(check().isIntact());
  }

  /** Whoever may write here must not have others put files where only they may. */
  @Test
  void whatWasCommittedIsMovedThroughNoLink() throws Exception {
    threeExports();
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.createSymbolicLink(target().resolve("trap"), elsewhere);
    Path forged = target().resolve(".committed").resolve("files").resolve("trap").resolve("job");
    Files.createDirectories(forged.getParent());
    Files.writeString(forged, "run me");

    try (Journal journal = open()) {
      assertThrows(KmsException.Configuration.class, () -> export(journal));
    }
    assertFalse(Files.exists(elsewhere.resolve("job")));
  }

  @Test
  void folderThatCannotBeUsedIsNamed() throws Exception {
    Files.writeString(target(), "a file");
    try (Journal journal = open()) {
      KmsException refused = assertThrows(KmsException.Configuration.class, () -> export(journal));
      assertTrue(String.valueOf(refused.getMessage()).contains(target().toString()));
    }
  }

  /** One writes, one exports, and that one is killed, again and again. */
  @Test
  void exportsThatWereKilledLoseAndRepeatNothing() throws Exception {
    Random random = new Random(7);
    Path recorded = temp.resolve("recorded");
    Process writer = ChildProcess.start(recorded, "trickle", folder().toString());
    try {
      for (int kill = 0; kill < 10; kill++) {
        Path out = temp.resolve("exported-" + kill);
        Process exporter =
            ChildProcess.start(out, "export", folder().toString(), target().toString());
        while (Files.size(out) == 0) {
          assertTrue(exporter.isAlive() && writer.isAlive());
          Thread.sleep(5);
        }
        Thread.sleep(random.nextInt(400));
        exporter.destroyForcibly().waitFor();
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    try (Journal journal = open()) {
      new LogExport(journal, Events.PLACE, ChildProcess.fastClock()).into(target());
      ExportVerification found = check();
      assertEquals(List.of(), found.findings());
      assertTrue(found.digests() > 10);
      List<String> exported = exportedIds();
      Set<String> expected = new TreeSet<>();
      journal
          .lookup(AuditQuery.newest(100_000_000))
          .forEach(record -> expected.add(record.eventId().toString()));
      assertTrue(expected.size() > 1000);
      assertEquals(expected.size(), exported.size());
      assertEquals(expected, new TreeSet<>(exported));
    }
  }

  private List<String> exportedIds() throws IOException {
    List<String> ids = new ArrayList<>();
    Pattern id = Pattern.compile("\"eventID\":\"([^\"]+)\"");
    try (Stream<Path> all = Files.walk(target())) {
      for (Path file : all.filter(path -> path.toString().contains("_CloudTrail_")).toList()) {
        Matcher matcher = id.matcher(new String(unzipped(file), UTF_8));
        while (matcher.find()) {
          ids.add(matcher.group(1));
        }
      }
    }
    return ids;
  }
}
