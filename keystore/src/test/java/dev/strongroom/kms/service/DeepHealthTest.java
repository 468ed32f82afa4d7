// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.storage.Vandal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store held against the trail, in a real home: what is done to one shows by the other. */
class DeepHealthTest {
  @TempDir Path home;
  @TempDir Path shelf;

  private Path store() {
    return home.resolve("store.db");
  }

  private KmsFixture open() {
    return KmsFixture.in(home);
  }

  /** Returns what is wrong, a sentence each; asked as the command does, which calls nothing. */
  private List<String> errors() {
    try (EmbeddedKms kms = KmsAssembly.open(KmsConfig.inHome(home), () -> {})) {
      return errors(kms);
    }
  }

  private static List<String> errors(Kms kms) {
    return kms.deepHealth().findings().stream()
        .filter(finding -> finding.severity().compareTo(Health.Severity.WARNING) >= 0)
        .map(Health.Finding::sentence)
        .toList();
  }

  private static void assertNamed(List<String> errors, String row, String what) {
    assertTrue(
        errors.stream().anyMatch(error -> error.contains(row) && error.contains(what)),
        row + " " + what + " is not in " + errors);
  }

  /** Copies the database, whose processes have ended. */
  private void copy(Path from, Path to) throws IOException {
    for (Path file : files(to)) {
      Files.delete(file);
    }
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("store.db")).toList();
    }
  }

  private KeyId key() {
    try (KmsFixture fixture = open()) {
      return fixture.symmetricKey();
    }
  }

  private void describe(KeyId key, String description) {
    try (KmsFixture fixture = open()) {
      fixture.kms().updateKeyDescription(fixture.root(), key, description);
    }
  }

  @Test
  void ordinaryLifeRaisesNoAlarm() {
    try (KmsFixture fixture = open();
        EmbeddedKms other = fixture.secondProcess().get()) {
      Kms kms = fixture.kms();
      KeyId key = fixture.symmetricKey();
      kms.createAlias(fixture.root(), new Alias("alias/app"), key);
      kms.updateKeyDescription(fixture.root(), key, "one");
      fixture.user("alice");
      try (Credentials credentials = fixture.config().credentials().orElseThrow()) {
        Caller root = other.authenticate(credentials.accessKeyId(), credentials.secret());
        other.updateKeyDescription(root, key, "two");
        other.disableKey(root, key);
      }
      kms.deleteAlias(fixture.root(), new Alias("alias/app"));
      kms.iam().createUser(fixture.root(), "bob", null);
      kms.iam().delete(fixture.root(), IamKind.USER, "bob");

      assertEquals(List.of(), errors(kms));
      assertEquals(List.of(), errors(other));
    }
    assertEquals(List.of(), errors());
  }

  /** Two processes change keys, and are killed before or after a commit, as it happens. */
  @Test
  void killsBetweenTheStoreAndTheTrailRaiseNoAlarm() throws Exception {
    key();
    for (int turn = 0; turn < 3; turn++) {
      List<Process> children = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Path out = Files.createTempFile(shelf, "churn", ".out");
        Process child = KeyChurn.start(home, out);
        children.add(child);
        while (Files.size(out) == 0) {
          assertTrue(child.isAlive());
          Thread.sleep(5);
        }
      }
      assertEquals(List.of(), errors());
      for (Process child : children) {
        Thread.sleep(40);
        child.destroyForcibly().waitFor();
      }
      assertEquals(List.of(), errors());
    }
  }

  @Test
  void olderCopyOfTheWholeStoreIsFoundAndEachRowThatWentBackIsNamed() throws IOException {
    KeyId old = key();
    describe(old, "before");
    copy(home, shelf);
    describe(old, "after");
    KeyId young = key();
    copy(shelf, home);

    List<String> errors = errors();
    assertNamed(errors, "older copy of the whole store", "revision");
    assertNamed(errors, "cmk[" + old + "]", "was rolled back");
    assertNamed(errors, "cmk[" + young + "]", "is gone");
    assertTrue(errors.stream().anyMatch(error -> error.contains("does not know stream")));
  }

  /** The store has then come to higher revisions than the trail knew when it was put back. */
  @Test
  void olderCopyIsFoundAlsoAfterMuchWork() throws IOException {
    KeyId old = key();
    copy(home, shelf);
    describe(old, "after");
    copy(shelf, home);
    for (int i = 0; i < 10; i++) {
      key();
    }

    assertNamed(errors(), "cmk[" + old + "]", "was rolled back");
  }

  @Test
  void alteredColumnIsNamed() throws Exception {
    KeyId key = key();
    KeyId other = key();
    Vandal.on(store(), "UPDATE cmk SET key_state = 'DISABLED' WHERE key_id = '" + key + "'");

    List<String> errors = errors();
    assertNamed(errors, "cmk[" + key + "]", "was changed behind the KMS");
    assertFalse(errors.toString().contains("cmk[" + other + "]"), errors.toString());
  }

  @Test
  void alteredRowOfAKeyIsNamed() throws Exception {
    KeyId key = key();
    Vandal.on(store(), "UPDATE key_policy SET policy = '{}' WHERE key_id = '" + key + "'");

    assertNamed(errors(), "cmk[" + key + "]", "key_policy[" + key + "]");
  }

  @Test
  void deletedKeyIsNamed() throws Exception {
    KeyId key = key();
    String where = " WHERE key_id = '" + key + "'";
    Vandal.on(
        store(),
        "DELETE FROM key_token" + where,
        "DELETE FROM key_policy" + where,
        "DELETE FROM alias" + where,
        "DELETE FROM cmk" + where);

    assertNamed(errors(), "cmk[" + key + "]", "is gone");
  }

  @Test
  void oldRowsOfOneKeyAreNamed() throws Exception {
    KeyId key = key();
    describe(key, "before");
    copy(home, shelf);
    describe(key, "after");
    Vandal.attached(
        store(),
        shelf.resolve("store.db"),
        "DELETE FROM cmk WHERE key_id = '" + key + "'",
        "INSERT INTO cmk SELECT * FROM old.cmk WHERE key_id = '" + key + "'");

    assertNamed(errors(), "cmk[" + key + "]", "was rolled back");
  }

  @Test
  void missingPartOfTheTrailIsSaidAndAccusesNobodyForSure() throws Exception {
    KeyId key = key();
    describe(key, "one");
    Path lost = newestJournal();
    describe(key, "two");
    Path gone = newestJournal();
    assertFalse(lost.equals(gone));
    Files.delete(gone);

    try (KmsFixture fixture = open()) {
      List<Health.Finding> findings =
          fixture.kms().deepHealth().findings().stream()
              .filter(finding -> finding.part().equals("store/trail"))
              .toList();
      assertTrue(findings.stream().anyMatch(finding -> finding.sentence().contains("is gone")));
      assertTrue(
          findings.stream().noneMatch(finding -> finding.severity() == Health.Severity.ERROR),
          findings.toString());
    }
  }

  private Path newestJournal() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("audit"))) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .orElseThrow();
    }
  }
}
