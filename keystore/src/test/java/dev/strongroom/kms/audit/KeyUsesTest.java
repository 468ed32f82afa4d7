// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.audit.usage.UsageSum;
import dev.strongroom.kms.audit.usage.UsageTally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyUsesTest {
  private static final LocalDate DAY = LocalDate.parse("2026-01-01");
  private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");
  private static final AuditQuery.Viewer VIEWER = new AuditQuery.Viewer("111122223333", true);
  private static final String ALICE = "arn:aws:iam::111122223333:user/alice";

  @TempDir Path folder;

  @Test
  void callsFailuresAndRefusalsAreCountedApart() {
    record(MIDNIGHT, decrypted("1"), decrypted("2"), failed("2"), refused());

    assertEquals(
        List.of(new UsageSum(DAY, Events.KEY.text(), ALICE, "Decrypt", 2, 1, 1)), sums(null));
  }

  @Test
  void daysBeginAtMidnightInUtc() {
    record(MIDNIGHT.minusMillis(1), used("Sign", Events.KEY, "1"));
    record(MIDNIGHT, used("Sign", Events.KEY, "1"));

    assertEquals(
        List.of(
            new UsageSum(DAY.minusDays(1), Events.KEY.text(), ALICE, "Sign", 1, 0, 0),
            new UsageSum(DAY, Events.KEY.text(), ALICE, "Sign", 1, 0, 0)),
        sums(null));
  }

  @Test
  void administrationAndRecordsAboutNoKeyAreNoUses() {
    record(
        MIDNIGHT,
        Events.rotation(),
        Events.refused(),
        used("DescribeKey", Events.KEY, "1"),
        used("GetPublicKey", Events.KEY, "1"),
        used("CreateGrant", Events.KEY, "1"));

    assertEquals(List.of(), sums(null));
  }

  @Test
  void oneKeyIsSelectedByIdOrArn() {
    record(MIDNIGHT, used("ReEncrypt", Events.KEY, "1"), used("ReEncrypt", Events.OTHER_KEY, "1"));

    assertEquals(2, sums(null).size());
    assertEquals(
        List.of(Events.KEY.text()),
        sums(Events.KEY.keyId().text()).stream().map(UsageSum::keyArn).toList());
    assertEquals(1, sums(Events.OTHER_KEY.text()).size());
    assertEquals(List.of(), sums("1234"));
  }

  @Test
  void timesAreFromInclusiveToExclusive() {
    record(MIDNIGHT, used("Sign", Events.KEY, "1"));
    record(MIDNIGHT.plusMillis(1), used("Sign", Events.KEY, "1"));
    record(MIDNIGHT.plusMillis(2), used("Sign", Events.KEY, "1"));

    UsageReport report =
        uses()
            .sums(
                VIEWER,
                Optional.empty(),
                Optional.of(MIDNIGHT.plusMillis(1)),
                Optional.of(MIDNIGHT.plusMillis(2)));

    assertEquals(List.of(1L), report.sums().stream().map(UsageSum::calls).toList());
  }

  @Test
  void otherAccountsSeeNothingOfIt() {
    record(MIDNIGHT, used("Sign", Events.KEY, "1"));
    AuditQuery.Viewer other = new AuditQuery.Viewer("999999999999", false);

    assertEquals(
        List.of(), uses().sums(other, Optional.empty(), Optional.empty(), Optional.empty()).sums());
  }

  @Test
  void damageIsReportedAndTheRestCounted() throws IOException {
    record(
        MIDNIGHT,
        used("Verify", Events.KEY, "1"),
        used("Sign", Events.KEY, "1"),
        used("Verify", Events.KEY, "2"));
    Path file = StreamFiles.in(folder).values().iterator().next().get(0);
    byte[] bytes = Files.readAllBytes(file);
    int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Sign");
    bytes[name] = 'X';
    Files.write(file, bytes);

    UsageReport report = uses().sums(VIEWER, Optional.empty(), Optional.empty(), Optional.empty());

    assertEquals(2, report.unreadable()); // the name, and the record that has it
    assertEquals(
        List.of(new UsageSum(DAY, Events.KEY.text(), ALICE, "Verify", 2, 0, 0)), report.sums());
    assertEquals(2, uses().last(Events.KEY.text()).unreadable());
  }

  @Test
  void moreSumsThanTheMemoryHasRoomForAreRefused() {
    UsageTally tally = new UsageTally();
    for (int i = 0; i < UsageTally.MAX_SUMS; i++) {
      tally.add(0, "key " + i, ALICE, "Sign", UsageTally.Outcome.CALL);
    }
    tally.add(0, "key 0", ALICE, "Sign", UsageTally.Outcome.CALL);

    KmsException.LimitExceeded refusal =
        assertThrows(
            KmsException.LimitExceeded.class,
            () -> tally.add(0, "one more", ALICE, "Sign", UsageTally.Outcome.CALL));

    assertTrue(String.valueOf(refusal.getMessage()).contains("--start-time"));
    assertEquals(UsageTally.MAX_SUMS, tally.report(0).sums().size());
  }

  @Test
  void lastUseIsTheNewestOfAllStreams() {
    record(MIDNIGHT.plusSeconds(2), used("Sign", Events.KEY, "1"));
    record(MIDNIGHT.plusSeconds(1), used("Verify", Events.KEY, "1"));
    record(MIDNIGHT.plusSeconds(3), used("Decrypt", Events.OTHER_KEY, "1"), Events.rotation());

    LastUse last = uses().last(Events.KEY.text());

    AuditRecord use = last.record().orElseThrow();
    assertEquals("Sign", use.eventName());
    assertEquals(MIDNIGHT.plusSeconds(2), use.eventTime());
    assertEquals(Optional.of(ALICE), use.callerArn());
    assertEquals(AuditRecord.Integrity.SEALED, use.integrity());
    assertEquals(MIDNIGHT.plusSeconds(1), last.trackingStart());
  }

  @Test
  void callThatFailedAfterwardsIsNoUse() {
    assertEquals(
        Optional.of("good"), numberOfLast(decrypted("good"), decrypted("bad"), failed("bad")));
  }

  @Test
  void failureTakesBackItsOwnCallAmongThoseAtWork() {
    assertEquals(
        Optional.of("good"), numberOfLast(decrypted("bad"), decrypted("good"), failed("bad")));
  }

  @Test
  void refusalIsNoUse() {
    assertEquals(Optional.empty(), numberOfLast(refused()));
  }

  /** Records events and returns the number of the last use that they show. */
  private Optional<String> numberOfLast(AuditEvent... events) {
    record(MIDNIGHT, events);
    return uses()
        .last(Events.KEY.text())
        .record()
        .map(use -> use.encryptionContext().getOrDefault("number", "none"));
  }

  private KeyUses uses() {
    return new KeyUses(Events.verifier(folder));
  }

  private List<UsageSum> sums(@Nullable String key) {
    return uses().sums(VIEWER, Optional.ofNullable(key), Optional.empty(), Optional.empty()).sums();
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

  private static AuditEvent used(String name, KeyArn key, String number) {
    return event(name, key, Events.MATERIAL, number, null);
  }

  private static AuditEvent decrypted(String number) {
    return used("Decrypt", Events.KEY, number);
  }

  private static AuditEvent failed(String number) {
    return event("Decrypt", Events.KEY, Events.MATERIAL, number, "InvalidCiphertextException");
  }

  private static AuditEvent refused() {
    return event("Decrypt", Events.KEY, null, "1", "AccessDeniedException");
  }

  private static AuditEvent event(
      String name, KeyArn key, @Nullable String material, String number, @Nullable String error) {
    Caller caller = Events.ALICE;
    EncryptionContext context = EncryptionContext.of(Map.of("number", number));
    return new AuditEvent(
        name, true, caller, key, material, context, Map.of(), null, error, error, null);
  }
}
