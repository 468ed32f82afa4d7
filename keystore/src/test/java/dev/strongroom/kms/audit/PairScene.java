// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Journals in two folders, and what is done to one of them. */
abstract class PairScene {
  @TempDir Path temp;
  FolderRegister register;
  long recorded;

  @BeforeEach
  void makeRegister() {
    register = new FolderRegister(temp.resolve("register"));
  }

  Path first() {
    return temp.resolve("first");
  }

  Path second() {
    return temp.resolve("second");
  }

  TrailFolders folders() {
    return new TrailFolders(first(), Optional.of(second()));
  }

  static JournalSettings settings(TrailFolders folders) {
    return JournalSettings.in(folders.first()).withFolders(folders).withMaxFileBytes(262_144);
  }

  Journal journal() {
    return journal(settings(folders()));
  }

  Journal journal(JournalSettings settings) {
    return new Journal(settings, Events.KEYS, register, TestNotary.INSTANCE, Clock.systemUTC());
  }

  AuditVerifier verifier(TrailFolders folders) {
    return new AuditVerifier(folders, Events.KEYS, register, TestNotary.INSTANCE);
  }

  /** Records what no call may be refused for. */
  void record(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.record(Events.numbered(recorded));
      recorded++;
    }
  }

  /** Records until something is so. */
  void recordUntil(Journal journal, BooleanSupplier isSo) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!isSo.getAsBoolean()) {
      record(journal, 10);
      pause();
      assertTrue(System.nanoTime() < deadline, "it did not come to pass: " + journal.state());
    }
  }

  static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static boolean isRefused(Journal journal) {
    try {
      journal.record(Events.decrypt());
      return false;
    } catch (KmsException.AuditUnavailable e) {
      return true;
    }
  }

  static boolean areFailing(Journal journal, int folders) {
    return journal.state().failingFolders() == folders;
  }

  /** Each file of the one folder is in the other, byte for byte the same. */
  void assertAlike() throws IOException {
    assertEquals(names(first()), names(second()));
    for (String name : names(first())) {
      assertEquals(-1, Files.mismatch(first().resolve(name), second().resolve(name)), name);
    }
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** Returns how many records all streams have together; all of them must be intact. */
  long intactRecords(TrailFolders folders) {
    AuditVerifier verifier = verifier(folders);
    long records = 0;
    for (UUID stream : verifier.streams()) {
      Verification verification = verifier.verify(stream);
      assertEquals(List.of(), verification.findings());
      assertTrue(verification.isIntact());
      records += verification.records();
    }
    return records;
  }

  List<Verification.Finding> copyFindings() {
    AuditVerifier verifier = verifier(folders());
    List<Verification.Finding> findings = new ArrayList<>();
    verifier.streams().forEach(id -> findings.addAll(verifier.verify(id).copyFindings()));
    return findings;
  }

  SortedMap<Integer, Path> filesIn(Path folder) throws IOException {
    return StreamFiles.in(folder).values().iterator().next();
  }

  static void deleteAll(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Removes a folder with all that is in it, at once. */
  void remove(Path folder) throws IOException {
    Path away = temp.resolve("removed");
    Files.move(folder, away);
    deleteAll(away);
  }

  /** Moves a folder away and puts a file in its place, so that it cannot be made again. */
  Path takeAway(Path folder) throws IOException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!Files.isDirectory(folder)) { // the copy is begun beside the callers
      assertTrue(System.nanoTime() < deadline, folder + " is never made");
    }
    Path away = temp.resolve(folder.getFileName() + "-away");
    Files.move(folder, away);
    Files.writeString(folder, "a file is in its place");
    return away;
  }

  static void putBack(Path away, Path folder) throws IOException {
    Files.delete(folder);
    try {
      Files.move(away, folder);
    } catch (FileAlreadyExistsException e) {
      // The journal was quicker and made it anew.
      for (String name : names(away)) {
        Files.move(away.resolve(name), folder.resolve(name));
      }
    }
  }
}
