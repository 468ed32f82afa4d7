// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.export.LogExport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What tests run in JVMs of their own, to kill them or to fill their disks. */
final class ChildProcess {

  private ChildProcess() {}

  /** Starts this class with its output in a file; the words are its arguments. */
  static Process start(Path out, String... words) throws IOException {
    return start(List.of(), out, words);
  }

  /** Starts this class by another command. */
  static Process start(List<String> prefix, Path out, String... words) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.add(ChildProcess.class.getName());
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] words) throws Exception {
    Path folder = Path.of(words[1]);
    switch (words[0]) {
      case "record" -> record(folder, Long.parseLong(words[2]), words[3].equals("close"));
      case "fill" -> fillDisk(folder);
      case "trickle" -> trickle(folder);
      case "export" -> exportAgainAndAgain(folder, Path.of(words[2]));
      case "lock" -> lock(folder);
      case "hold" -> hold(folder, Path.of(words[2]));
      case "pair" -> pair(folder, Path.of(words[2]), Path.of(words[3]));
      case "hang" -> hang(folder, Path.of(words[2]), Path.of(words[3]));
      case "fill-pair" -> fillPair(folder, Path.of(words[2]), Path.of(words[3]));
      case "start" -> start(folder, Path.of(words[2]), Path.of(words[3]));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  /** Records numbers from 0 on; each is printed when it was recorded. */
  private static void record(Path folder, long count, boolean isClosed) {
    Journal journal = journal(folder);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (long number = 0; number < count; number++) {
      journal.record(Events.numbered(number));
      out.println(number);
    }
    if (isClosed) {
      journal.close();
    }
  }

  /** Records ten thousand a second until it is killed. */
  private static void trickle(Path folder) throws InterruptedException {
    Journal journal = journal(folder);
    for (long number = 0; ; number++) {
      journal.record(Events.decrypt());
      // Where all is slow, the trail must not grow faster than somebody can read it.
      if (number % 10 == 0 || number > 50_000) {
        Thread.sleep(1);
      }
    }
  }

  /** Exports until it is killed; prints after each how many records there were. */
  private static void exportAgainAndAgain(Path folder, Path target) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Journal journal = journal(folder);
    while (true) {
      Thread.sleep(10);
      out.println(new LogExport(journal, Events.PLACE, fastClock()).into(target).records());
    }
  }

  /** A second every ten milliseconds, the same in all processes. */
  static Clock fastClock() {
    long seconds = (System.currentTimeMillis() - 1_700_000_000_000L) / 10;
    return Clock.fixed(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
  }

  /** Whether another process can lock a file. */
  static boolean isFree(Path file) throws IOException, InterruptedException {
    Path out = Files.createTempFile(file.toAbsolutePath().getParent(), ".", ".out");
    try {
      assertEquals(0, start(out, "lock", file.toString()).waitFor());
      return Files.readString(out).strip().equals("true");
    } finally {
      Files.delete(out);
    }
  }

  /** Records until it is killed; its stream is registered. */
  private static void hold(Path folder, Path register) throws InterruptedException {
    Journal journal = registered(folder, register);
    for (long number = 0; ; number++) {
      journal.record(Events.numbered(number));
      if (number == 100) {
        System.out.println("recorded");
      }
      if (number > 100) {
        Thread.sleep(1);
      }
    }
  }

  /** Records numbers in two folders until it is killed; each is printed when it was recorded. */
  private static void pair(Path first, Path second, Path register) throws InterruptedException {
    Journal journal = inPair(first, second, register);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (long number = 0; ; number++) {
      journal.record(Events.numbered(number));
      out.println(number);
      if (number % 50 == 0) {
        Thread.sleep(1);
      }
    }
  }

  private static Journal inPair(Path first, Path second, Path register) {
    return new Journal(
        PairScene.settings(new TrailFolders(first, Optional.of(second))),
        Events.KEYS,
        new FolderRegister(register),
        TestNotary.INSTANCE,
        Clock.systemUTC());
  }

  /**
   * Records in folders {@code first} and {@code second} below a folder, while the disk of one does
   * not answer for five seconds; prints the longest that a call took in milliseconds, what was
   * recorded, and what is found.
   *
   * @param flag the file that makes the disk stop
   */
  private static void hang(Path folder, Path flag, Path register) throws Exception {
    TrailFolders folders =
        new TrailFolders(folder.resolve("first"), Optional.of(folder.resolve("second")));
    Journal journal = inPair(folders.first(), folders.second().orElseThrow(), register);
    long recorded = recordFor(journal, Duration.ofSeconds(1)).recorded();
    Files.createFile(flag);
    Stint stopped = recordFor(journal, Duration.ofSeconds(5));
    Files.delete(flag);
    Stint after = recordFor(journal, Duration.ofSeconds(5));
    recorded += stopped.recorded() + after.recorded();
    System.out.println("longest " + Math.max(stopped.longestMillis(), after.longestMillis()));
    System.out.println("meanwhile " + stopped.recorded());
    System.out.println("failures " + journal.state().folderFailures());
    System.out.println("failing " + journal.state().failingFolders());
    journal.close();
    System.out.println("recorded " + recorded);
    AuditVerifier verifier =
        new AuditVerifier(folders, Events.KEYS, new FolderRegister(register), TestNotary.INSTANCE);
    long found = 0;
    for (UUID stream : verifier.streams()) {
      Verification verification = verifier.verify(stream);
      System.out.println(
          verification.findings() + " " + verification.closing() + verification.copyFindings());
      found += verification.records();
    }
    System.out.println("found " + found);
  }

  /** What one thread did: how many calls it made, and how long the longest took. */
  private record Stint(long recorded, long longestMillis) {}

  private static Stint recordFor(Journal journal, Duration time) throws InterruptedException {
    long recorded = 0;
    long longest = 0;
    long end = System.nanoTime() + time.toNanos();
    for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
      journal.record(Events.numbered(recorded));
      recorded++;
      longest = Math.max(longest, System.nanoTime() - start);
      if (recorded % 100 == 0) {
        Thread.sleep(1);
      }
    }
    return new Stint(recorded, longest / 1_000_000);
  }

  /** Fills the disk of one folder of two, frees it, and prints what was recorded and found. */
  private static void fillPair(Path full, Path other, Path register) throws Exception {
    Path ballast = full.resolveSibling("ballast");
    Files.write(ballast, new byte[400_000]);
    for (boolean isFirst : new boolean[] {true, false}) {
      Journal journal = isFirst ? inPair(full, other, register) : inPair(other, full, register);
      long recorded = 0;
      while (journal.state().folderFailures() == 0) {
        journal.record(Events.numbered(recorded++));
      }
      long before = recorded;
      for (int i = 0; i < 1000; i++) {
        journal.record(Events.numbered(recorded++));
      }
      Files.deleteIfExists(ballast);
      while (journal.state().failingFolders() > 0) {
        journal.record(Events.numbered(recorded++));
        Thread.sleep(1);
      }
      journal.close();
      System.out.println(before > 1000);
      report(other);
      System.out.println("recorded " + recorded);
      PairScene.deleteAll(full);
      PairScene.deleteAll(other);
      Files.write(ballast, new byte[400_000]);
    }
  }

  /** Waits for a file, then begins and ends a journal of one record. */
  private static void start(Path folder, Path register, Path signal) throws InterruptedException {
    Journal journal = registered(folder, register);
    System.out.println("ready");
    while (!Files.exists(signal)) {
      Thread.sleep(1);
    }
    journal.record(Events.decrypt());
    journal.close();
    awaitSealing();
  }

  /** Returns when this process seals no orphans any more: closing a journal waits for less. */
  static void awaitSealing() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("strongroom-orphans")) {
        thread.join();
      }
    }
  }

  private static Journal registered(Path folder, Path register) {
    return new Journal(
        JournalSettings.in(folder),
        Events.KEYS,
        new FolderRegister(register),
        TestNotary.INSTANCE,
        Clock.systemUTC());
  }

  private static void lock(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      System.out.println(channel.tryLock() != null);
    }
  }

  /** Records until the disk is full, frees it, and records again; prints what happened. */
  private static void fillDisk(Path folder) throws IOException, InterruptedException {
    Path ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[600_000]);
    Journal journal = journal(folder.resolve("audit"));
    long recorded = 0;
    long refused = 0;
    while (refused < 50 && recorded < 10_000_000) {
      try {
        journal.record(Events.numbered(recorded));
        recorded++;
        refused = 0;
      } catch (KmsException.AuditUnavailable e) {
        refused++;
        Thread.sleep(5);
      }
    }
    System.out.println("refused after " + recorded);

    Files.delete(ballast);
    Thread.sleep(200);
    for (int i = 0; i < 10; i++) {
      journal.record(Events.numbered(recorded++));
    }
    journal.close();
    report(folder.resolve("audit"));
    System.out.println("recorded " + recorded);
  }

  private static void report(Path folder) {
    AuditVerifier verifier = Events.verifier(folder);
    long found = 0;
    for (UUID stream : verifier.streams()) {
      Verification verification = verifier.verify(stream);
      System.out.println(verification.isIntact() + " " + verification.isClosed());
      found += verification.records();
    }
    System.out.println("found " + found);
  }

  private static Journal journal(Path folder) {
    return new Journal(
        JournalSettings.in(folder),
        Events.KEYS,
        new Register(),
        TestNotary.INSTANCE,
        Clock.systemUTC());
  }
}
