// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.audit.AuditQuery.Attribute;
import dev.strongroom.kms.audit.AuditQuery.AttributeKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
  void recordsAreFoundByWhatElseCloudTrailHas() {
    record(NOON, Events.decrypt(), Events.refused(), Events.rotation());
    AuditRecord decrypt = find(AuditQuery.newest(10)).get(0);

    assertEquals(List.of("Decrypt"), having(AttributeKey.EVENT_ID, decrypt.eventId().toString()));
    assertEquals(
        List.of("Decrypt"), having(AttributeKey.REQUEST_ID, decrypt.requestId().toString()));
    assertEquals(List.of("Decrypt", "DescribeKey"), having(AttributeKey.READ_ONLY, "true"));
    assertEquals(List.of("RotateKey"), having(AttributeKey.READ_ONLY, "false"));
    assertEquals(List.of("DescribeKey"), having(AttributeKey.ACCESS_KEY_ID, "AKIAROOT"));
    assertEquals(
        List.of("Decrypt", "RotateKey"), having(AttributeKey.RESOURCE_TYPE, "AWS::KMS::Key"));
    assertEquals(3, having(AttributeKey.EVENT_SOURCE, "kms.amazonaws.com").size());
    assertEquals(List.of(), having(AttributeKey.EVENT_SOURCE, "iam.amazonaws.com"));
  }

  @Test
  void refusalsAreFoundByTheirErrorCode() {
    record(NOON, Events.decrypt(), Events.refused(), Events.rotation());

    assertEquals(List.of("DescribeKey"), having(AttributeKey.ERROR_CODE, "AccessDeniedException"));
    assertEquals(List.of(), having(AttributeKey.ERROR_CODE, ""));
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
    return AuditQuery.newest(10).between(Optional.of(from), Optional.of(to));
  }

  private List<AuditRecord> by(
      @Nullable String name, @Nullable String user, @Nullable String resource) {
    List<Attribute> attributes = new ArrayList<>();
    add(attributes, AttributeKey.EVENT_NAME, name);
    add(attributes, AttributeKey.USERNAME, user);
    add(attributes, AttributeKey.RESOURCE_NAME, resource);
    return find(
        new AuditQuery(Optional.empty(), Optional.empty(), attributes, Optional.empty(), 10));
  }

  private static void add(List<Attribute> attributes, AttributeKey key, @Nullable String value) {
    if (value != null) {
      attributes.add(new Attribute(key, value));
    }
  }

  private List<String> having(AttributeKey key, String value) {
    return names(find(AuditQuery.newest(10).with(new Attribute(key, value))));
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
