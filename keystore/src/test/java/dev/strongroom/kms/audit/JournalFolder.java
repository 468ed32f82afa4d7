// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A folder with journals, for tests that write them and look into it. */
abstract class JournalFolder {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");
  static final AuditQuery ALL = AuditQuery.newest(1_000_000);
  @TempDir Path temp;

  Path folder() {
    return temp.resolve("home").resolve("audit");
  }

  Journal journal() {
    return journal(Map.of());
  }

  Journal journal(Map<String, String> process) {
    return new Journal(
        JournalSettings.in(folder()).withProcess(process),
        Events.KEYS,
        new Register(),
        TestNotary.INSTANCE,
        clock());
  }

  static Clock clock() {
    return Clock.fixed(NOON, ZoneOffset.UTC);
  }

  void writeRecords(int count, Map<String, String> process) {
    try (Journal journal = journal(process)) {
      for (int i = 0; i < count; i++) {
        journal.record(Events.decrypt());
      }
    }
  }

  List<AuditRecord> lookupAll() {
    try (Journal reader = journal()) {
      return reader.lookup(ALL);
    }
  }

  AuditVerifier verifier() {
    return Events.verifier(folder());
  }

  Verification verifyOnly() {
    List<UUID> streams = verifier().streams();
    assertEquals(1, streams.size());
    return verifier().verify(streams.get(0));
  }

  void assertIntact(long records) {
    Verification verification = verifyOnly();
    assertEquals(List.of(), verification.findings());
    assertTrue(verification.isClosed());
    assertEquals(records, verification.records());
    assertEquals(records, verification.sealedRecords());
    assertEquals(0, verification.tornBytes());
  }

  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
