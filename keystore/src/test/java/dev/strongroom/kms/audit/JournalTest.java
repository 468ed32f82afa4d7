// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is recorded, how it is read, and where it rests. */
class JournalTest extends JournalFolder {

  @Test
  void recordReadsAsItWasWritten() {
    try (Journal journal = journal(Map.of("host", "h1"))) {
      journal.record(Events.decrypt());

      AuditRecord record = journal.lookup(ALL).get(0);
      assertEquals(0, record.sequence());
      assertEquals(NOON, record.eventTime());
      assertEquals("Decrypt", record.eventName());
      assertTrue(record.readOnly());
      assertEquals(Optional.of(Events.ALICE.arn()), record.callerArn());
      assertEquals(Optional.of("AKIAALICE"), record.accessKeyId());
      assertEquals(Optional.of(Events.KEY.text()), record.keyArn());
      assertEquals(Optional.of(Events.MATERIAL), record.keyMaterialId());
      assertEquals(Map.of("tenant", "a"), record.encryptionContext());
      assertEquals(Map.of("encryptionAlgorithm", "SYMMETRIC_DEFAULT"), record.parameters());
      assertEquals(Optional.of("key policy, statement 1 \"Users\""), record.decidedBy());
      assertEquals(Optional.empty(), record.errorCode());
      assertEquals(Optional.empty(), record.errorMessage());
      assertEquals(Map.of("host", "h1"), record.process());
    }
  }

  @Test
  void refusalsAndServiceEventsReadAsTheyWereWritten() {
    try (Journal journal = journal()) {
      journal.record(Events.refused());
      journal.record(Events.rotation());

      List<AuditRecord> records = journal.lookup(ALL);
      assertEquals(Optional.of("AccessDeniedException"), records.get(0).errorCode());
      assertEquals(Optional.of("User: root is not authorized"), records.get(0).errorMessage());
      assertEquals(Optional.empty(), records.get(0).keyArn());
      assertFalse(records.get(1).readOnly());
      assertEquals(Optional.empty(), records.get(1).callerArn());
      assertEquals(Optional.empty(), records.get(1).accessKeyId());
    }
  }

  @Test
  void anyTextSurvives() {
    String text = "\"\\\u0000\n\r\u2028\u202e😀ÿ" + "x".repeat(4000);
    AuditEvent event =
        new AuditEvent(
            text,
            true,
            null,
            null,
            text,
            EncryptionContext.EMPTY,
            Map.of(text, text),
            text,
            text,
            text,
            null);
    try (Journal journal = journal()) {
      journal.record(event);

      AuditRecord record = journal.lookup(ALL).get(0);
      assertEquals(text, record.eventName());
      assertEquals(Map.of(text, text), record.parameters());
      assertEquals(Optional.of(text), record.errorCode());
      assertEquals(Optional.of(text), record.errorMessage());
    }
  }

  @Test
  void longErrorMessageIsCutAndNotRefused() {
    AuditEvent event =
        new AuditEvent(
            "Sign",
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of(),
            null,
            "E",
            "m".repeat(100_000),
            null);
    try (Journal journal = journal()) {
      journal.record(event);

      assertEquals("m".repeat(4095) + "…", journal.lookup(ALL).get(0).errorMessage().orElseThrow());
    }
  }

  @Test
  void eventThatDoesNotFitIsRefusedAndTheNextIsRecorded() {
    AuditEvent tooLong =
        new AuditEvent(
            "PutKeyPolicy",
            false,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of("policy", "x".repeat(65_536)),
            null,
            null,
            null,
            null);
    try (Journal journal = journal()) {
      assertThrows(KmsException.AuditUnavailable.class, () -> journal.record(tooLong));
      journal.record(Events.decrypt());

      assertEquals(1, journal.lookup(ALL).size());
    }
    assertIntact(1);
  }

  @Test
  void mapThatChangesAfterwardsDoesNotChangeTheRecord() {
    Map<String, String> parameters = new java.util.HashMap<>(Map.of("keySpec", "AES_256"));
    AuditEvent event =
        new AuditEvent(
            "GenerateDataKey",
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            parameters,
            null,
            null,
            null,
            null);
    parameters.put("keySpec", "AES_128");

    try (Journal journal = journal()) {
      journal.record(event);
      assertEquals(Map.of("keySpec", "AES_256"), journal.lookup(ALL).get(0).parameters());
    }
  }

  @Test
  void folderAndFilesAreForTheOwnerOnly() throws IOException {
    try (Journal journal = journal()) {
      journal.record(Events.decrypt());

      assertEquals("rwx------", permissions(folder()));
      for (Path file : files()) {
        assertEquals("rw-------", permissions(file));
      }
    }
  }

  @Test
  void folderMayBeASymbolicLink() throws IOException {
    Files.createDirectories(folder().getParent());
    Files.createSymbolicLink(folder(), Files.createDirectory(temp.resolve("elsewhere")));
    writeRecords(1, Map.of());

    assertIntact(1);
  }

  @Test
  void closedJournalIsSealedAndIntact() {
    writeRecords(1000, Map.of());

    assertIntact(1000);
    assertEquals(
        Set.of(AuditRecord.Integrity.SEALED),
        lookupAll().stream().map(AuditRecord::integrity).collect(Collectors.toSet()));
  }

  @Test
  void recordsOfARunningProcessAreFoundByOthers() {
    try (Journal journal = journal()) {
      journal.record(Events.decrypt());

      assertEquals(1, lookupAll().size());
      Verification verification = verifyOnly();
      assertTrue(verification.isIntact());
      assertFalse(verification.isClosed());
      assertEquals(0, verification.tornBytes());
    }
  }

  @Test
  void recordIsSealedAndForcedSoonWithoutFurtherCalls() throws InterruptedException {
    try (Journal journal = journal()) {
      journal.record(Events.decrypt());

      long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (verifyOnly().sealedRecords() == 0 && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      assertEquals(1, verifyOnly().sealedRecords());
      assertEquals(AuditRecord.Integrity.SEALED, journal.lookup(ALL).get(0).integrity());
    }
  }

  @Test
  void alwaysMeansSealedBeforeReturning() {
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()).withSync(JournalSettings.Sync.ALWAYS),
            Events.KEYS,
            new Register(),
            TestNotary.INSTANCE,
            clock())) {
      for (int i = 1; i <= 20; i++) {
        journal.record(Events.numbered(i));
        assertEquals(i, verifyOnly().sealedRecords());
      }
    }
    assertIntact(20);
  }

  @Test
  void streamGrowsOverManyFilesWithoutLosingOne() throws IOException {
    JournalSettings small = JournalSettings.in(folder()).withMaxFileBytes(262_144);
    int count = 30_000;
    try (Journal journal =
        new Journal(small, Events.KEYS, new Register(), TestNotary.INSTANCE, clock())) {
      for (int i = 0; i < count; i++) {
        journal.record(Events.numbered(i));
      }
    }

    assertTrue(files().size() >= 5, "only " + files().size() + " files");
    for (Path file : files()) {
      assertTrue(Files.size(file) <= 262_144);
    }
    assertIntact(count);
    List<AuditRecord> records = lookupAll();
    for (int i = 0; i < count; i++) {
      assertEquals(i, records.get(i).sequence());
      assertEquals(Map.of("number", Integer.toString(i)), records.get(i).encryptionContext());
    }
  }

  @Test
  void largeRecordsFillFilesToTheirEnds() {
    JournalSettings small = JournalSettings.in(folder()).withMaxFileBytes(262_144);
    int count = 100;
    try (Journal journal =
        new Journal(small, Events.KEYS, new Register(), TestNotary.INSTANCE, clock())) {
      for (int i = 0; i < count; i++) {
        journal.record(
            new AuditEvent(
                "PutKeyPolicy",
                false,
                Events.ROOT,
                Events.KEY,
                null,
                EncryptionContext.EMPTY,
                Map.of("policy", i + "x".repeat(30_000 + 137 * i)),
                null,
                null,
                null,
                null));
      }
    }

    assertIntact(count);
    assertEquals(count, lookupAll().size());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
