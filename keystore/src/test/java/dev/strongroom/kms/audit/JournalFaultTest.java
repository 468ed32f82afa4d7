// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to the journal when processes are killed and disks fail. {@code
 * -Dstrongroom.kills=1000} kills so many.
 */
@Timeout(120)
class JournalFaultTest {
  private static final int KILLS = Integer.getInteger("strongroom.kills", 5);

  @TempDir Path temp;

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // many kills take their time
  void killedProcessLosesNothingThatItWasToldIsRecorded() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      Path folder = temp.resolve("killed-" + kill);
      long acknowledged = recordAndKill(folder, 20 + 83 * kill % 400);

      AuditVerifier verifier = Events.verifier(folder);
      Verification verification = verifier.verify(verifier.streams().get(0));
      assertEquals(List.of(), verification.findings());
      assertFalse(verification.isClosed());
      assertTrue(
          verification.records() > acknowledged,
          acknowledged + " was acknowledged, but there are " + verification.records());
      assertNumbersUpTo(verification.records(), folder);
      deleteAll(folder);
    }
  }

  /** Returns the last number that was acknowledged before the kill. */
  private long recordAndKill(Path folder, int millis) throws Exception {
    Path acknowledged = Files.createTempFile(temp, "acknowledged", "");
    Process child =
        ChildProcess.start(acknowledged, "record", folder.toString(), "100000000", "never");
    while (Files.size(acknowledged) == 0) {
      assertTrue(child.isAlive());
      Thread.sleep(5);
    }
    Thread.sleep(millis);
    child.destroyForcibly().waitFor();

    String text = Files.readString(acknowledged);
    // A line that the kill cut short was not acknowledged.
    List<String> whole = text.substring(0, text.lastIndexOf('\n')).lines().toList();
    return Long.parseLong(whole.get(whole.size() - 1));
  }

  private static void assertNumbersUpTo(long count, Path folder) {
    List<AuditRecord> records = Events.lookup(folder, AuditQuery.newest((int) count + 1)).run();
    assertEquals(count, records.size());
    Set<String> numbers = new HashSet<>();
    records.forEach(
        record -> numbers.add(record.encryptionContext().getOrDefault("number", "none")));
    for (long number = 0; number < count; number++) {
      assertTrue(numbers.contains(Long.toString(number)), "number " + number + " is missing");
    }
  }

  @Test
  void twoProcessesWriteSideBySide() throws Exception {
    Path folder = temp.resolve("audit");
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      children.add(
          ChildProcess.start(
              temp.resolve("out-" + i), "record", folder.toString(), "2000", "close"));
    }
    for (Process child : children) {
      assertEquals(0, child.waitFor());
    }

    AuditVerifier verifier = Events.verifier(folder);
    assertEquals(2, verifier.streams().size());
    for (UUID stream : verifier.streams()) {
      Verification verification = verifier.verify(stream);
      assertTrue(verification.isIntact() && verification.isClosed());
      assertEquals(2000, verification.records());
    }
    assertEquals(4000, Events.lookup(folder, AuditQuery.newest(10_000)).run().size());
  }

  @Test
  void fullDiskRefusesEveryCallAndLosesNothing() throws Exception {
    List<String> tinyDisk =
        List.of(
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
            temp.toString());
    assumeTrue(canRun(tinyDisk), "a disk of its own takes unshare and mount, which fail here");

    Path out = Files.createTempFile("fill", ".txt");
    Process child = ChildProcess.start(tinyDisk, out, "fill", temp.toString());
    assertEquals(0, child.waitFor());
    List<String> lines = Files.readAllLines(out);
    Files.delete(out);

    assertTrue(lines.get(0).startsWith("refused after "), lines.toString());
    assertTrue(Long.parseLong(lines.get(0).substring("refused after ".length())) > 1000);
    String recorded = lines.get(lines.size() - 1).substring("recorded ".length());
    String found = lines.get(lines.size() - 2).substring("found ".length());
    assertEquals(recorded, found, lines.toString());
    assertTrue(
        lines.subList(1, lines.size() - 2).stream().allMatch("true true"::equals),
        lines.toString());
  }

  private static boolean canRun(List<String> tinyDisk) throws InterruptedException {
    List<String> command = new ArrayList<>(tinyDisk);
    command.add("true");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void folderThatCannotBeMadeRefusesCallsUntilItCan() throws Exception {
    Path blocked = temp.resolve("audit");
    Files.write(blocked, new byte[0]);
    try (Journal journal = journal(blocked)) {
      for (int i = 0; i < 5; i++) {
        assertThrows(KmsException.AuditUnavailable.class, () -> journal.record(Events.decrypt()));
      }
      assertTrue(journal.failure().isPresent());

      Files.delete(blocked);
      recordWithin(journal, Duration.ofSeconds(5));
      assertTrue(journal.failure().isEmpty());
    }
    assertEquals(1, intactRecords(blocked));
  }

  @Test
  void removedFolderIsNoticedAndWorkGoesOnInANewStream() throws Exception {
    Path folder = temp.resolve("audit");
    try (Journal journal = journal(folder)) {
      journal.record(Events.decrypt());
      deleteAll(folder);

      assertRefusalWithin(journal, Duration.ofSeconds(10));
      recordWithin(journal, Duration.ofSeconds(5));
    }
    assertTrue(intactRecords(folder) >= 1);
  }

  @Test
  void replacedFileIsNoticed() throws Exception {
    try (Journal journal = journal(temp)) {
      journal.record(Events.decrypt());
      Path file = files(temp).get(0);
      byte[] copy = Files.readAllBytes(file);
      Files.delete(file);
      Files.write(file, copy);

      assertRefusalWithin(journal, Duration.ofSeconds(10));
      recordWithin(journal, Duration.ofSeconds(5));
    }
    assertEquals(2, files(temp).size());
  }

  /** The JVM's own way to refuse a store to such a file is an InternalError, soon after it. */
  @Test
  void fileThatIsCutShortIsARefusalAndNotACrash() throws Exception {
    try (Journal journal = journal(temp)) {
      journal.record(Events.decrypt());
      try (RandomAccessFile file = new RandomAccessFile(files(temp).get(0).toFile(), "rw")) {
        file.setLength(0);
      }

      boolean goesOn = false;
      while (!goesOn) {
        try {
          goesOn = isRecordedInANewFile(journal);
        } catch (InternalError e) {
          assertTrue(String.valueOf(e.getMessage()).contains("memory access"), e.toString());
        }
      }
    }
    assertEquals(2, countedDespiteLateErrors());
  }

  /** "Soon" may be here, too, where no file of a journal is touched any more. */
  private int countedDespiteLateErrors() throws IOException {
    while (true) {
      try {
        return files(temp).size();
      } catch (InternalError e) {
        assertTrue(String.valueOf(e.getMessage()).contains("memory access"), e.toString());
      }
    }
  }

  private boolean isRecordedInANewFile(Journal journal) throws Exception {
    while (isRefused(journal) || files(temp).size() == 1) {
      Thread.sleep(1);
    }
    return true;
  }

  @Test
  void newStreamNamesTheOneThatWasGivenUp() throws Exception {
    try (Journal journal = journal(temp)) {
      journal.record(Events.decrypt());
      Path first = files(temp).get(0);
      UUID lost = UUID.fromString(first.getFileName().toString().substring(0, 36));
      Files.delete(first);
      assertRefusalWithin(journal, Duration.ofSeconds(10));
      recordWithin(journal, Duration.ofSeconds(5));

      byte[] header = Files.readAllBytes(files(temp).get(0));
      java.nio.ByteBuffer before = java.nio.ByteBuffer.wrap(header, 16 + 68, 16);
      assertEquals(lost, new UUID(before.getLong(), before.getLong()));
    }
  }

  private static Journal journal(Path folder) {
    return new Journal(
        JournalSettings.in(folder),
        Events.KEYS,
        new Register(),
        TestNotary.INSTANCE,
        Clock.systemUTC());
  }

  private static void assertRefusalWithin(Journal journal, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (!isRefused(journal)) {
      assertTrue(System.nanoTime() < end, "no call was refused");
    }
  }

  private static void recordWithin(Journal journal, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (isRefused(journal)) {
      assertTrue(System.nanoTime() < end, "calls are still refused: " + journal.failure());
    }
  }

  private static boolean isRefused(Journal journal) {
    try {
      journal.record(Events.decrypt());
      Thread.sleep(1);
      return false;
    } catch (KmsException.AuditUnavailable e) {
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long intactRecords(Path folder) {
    AuditVerifier verifier = Events.verifier(folder);
    long records = 0;
    for (UUID stream : verifier.streams()) {
      Verification verification = verifier.verify(stream);
      assertTrue(verification.isIntact() && verification.isClosed());
      records += verification.records();
    }
    return records;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
