// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;

  @Test
  void missingFolderHasNoRecords() {
    assertEquals(List.of(), find(AuditQuery.newest(10)));
    assertEquals(List.of(), Events.lookup(folder.resolve("none"), AuditQuery.newest(1)).run());
  }

  @Test
  void otherFilesArePassedOver() throws IOException {
    record(NOON, Events.decrypt());
    Files.write(folder.resolve("notes.txt"), new byte[10]);
    Files.write(folder.resolve(UUID.randomUUID() + "-000000.journal"), new byte[0]);
    Files.write(folder.resolve(UUID.randomUUID() + "-000000.journal"), new byte[4096]);

    assertEquals(1, find(AuditQuery.newest(10)).size());
  }

  @Test
  void newestRecordsOfAllStreamsComeInTheOrderOfTime() {
    record(NOON.plusSeconds(2), Events.numbered(2));
    record(NOON.plusSeconds(1), Events.numbered(1));
    record(NOON.plusSeconds(3), Events.numbered(3));

    assertEquals(List.of("1", "2", "3"), numbers(find(AuditQuery.newest(10))));
    assertEquals(List.of("2", "3"), numbers(find(AuditQuery.newest(2))));
  }

  @Test
  void recordsOfTheSameInstantComeInTheOrderOfTheirStream() {
    record(NOON, Events.numbered(1), Events.numbered(2), Events.numbered(3));

    assertEquals(List.of("1", "2", "3"), numbers(find(AuditQuery.newest(10))));
    assertEquals(List.of("2", "3"), numbers(find(AuditQuery.newest(2))));
  }

  @Test
  void clockThatIsSetBackHidesNothing() {
    record(NOON, Events.numbered(1));
    record(NOON.minusSeconds(31_536_000), Events.numbered(2));

    assertEquals(List.of("2", "1"), numbers(find(AuditQuery.newest(10))));
  }

  @Test
  void timesAreFromInclusiveToExclusive() {
    record(NOON, Events.numbered(1));
    record(NOON.plusMillis(1), Events.numbered(2));
    record(NOON.plusMillis(2), Events.numbered(3));

    assertEquals(List.of("2"), numbers(find(between(NOON.plusMillis(1), NOON.plusMillis(2)))));
    assertEquals(
        List.of("2"), numbers(find(between(NOON.plusNanos(1), NOON.plusNanos(1_000_001)))));
    assertEquals(3, find(between(Instant.MIN, Instant.MAX)).size());
  }

  @Test
  void recordsAreFoundByNameUserAndKey() {
    record(NOON, Events.decrypt(), Events.refused(), Events.rotation());

    assertEquals(List.of("Decrypt"), names(by("Decrypt", null, null)));
    assertEquals(List.of("Decrypt"), names(by(null, "alice", null)));
    assertEquals(List.of("DescribeKey"), names(by(null, "root", null)));
    assertEquals(List.of("RotateKey"), names(by(null, null, Events.OTHER_KEY.text())));
    assertEquals(List.of("Decrypt"), names(by(null, null, Events.KEY.keyId().text())));
    assertEquals(List.of(), names(by("Encrypt", null, null)));
    assertEquals(List.of(), names(by(null, "alic", null)));
    assertEquals(List.of(), names(by(null, null, "alias/app")));
    assertEquals(List.of(), names(by("Decrypt", "root", null)));
  }

  @Test
  void limitIsOneAtLeast() {
    assertThrows(IllegalArgumentException.class, () -> find(AuditQuery.newest(0)));
  }

  @Test
  void garbageIsReadWithoutHarm() throws IOException {
    record(NOON, Events.decrypt(), Events.refused(), Events.rotation());
    Path file = folder.resolve(fileName());
    byte[] original = Files.readAllBytes(file);
    Random random = new Random(20260101);

    for (int i = 0; i < 500; i++) {
      byte[] garbage = original.clone();
      int from = random.nextInt(garbage.length);
      int length = Math.min(garbage.length - from, 1 + random.nextInt(64));
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, garbage, from, length);
      Files.write(file, garbage);

      assertTrue(find(AuditQuery.newest(10)).size() <= 3);
    }
  }

  private String fileName() throws IOException {
    return JournalFile.name(StreamFiles.in(folder).keySet().iterator().next(), 0);
  }

  private void record(Instant time, AuditEvent... events) {
    Clock clock = Clock.fixed(time, ZoneOffset.UTC);
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder), Events.KEYS, new Register(), TestNotary.INSTANCE, clock)) {
      for (AuditEvent event : events) {
        journal.record(event);
      }
    }
  }

  private List<AuditRecord> find(AuditQuery query) {
    return Events.lookup(folder, query).run();
  }

  private static AuditQuery between(Instant from, Instant to) {
    return new AuditQuery(
        Optional.of(from),
        Optional.of(to),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        10);
  }

  private List<AuditRecord> by(
      @Nullable String name, @Nullable String user, @Nullable String resource) {
    return find(
        new AuditQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.ofNullable(name),
            Optional.ofNullable(user),
            Optional.ofNullable(resource),
            Optional.empty(),
            Optional.empty(),
            10));
  }

  private static List<String> names(List<AuditRecord> records) {
    return records.stream().map(AuditRecord::eventName).toList();
  }

  private static List<String> numbers(List<AuditRecord> records) {
    return records.stream()
        .map(record -> record.encryptionContext().getOrDefault("number", "none"))
        .toList();
  }
}
