// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.storage.DeletionStorage;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassedTimeTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final KeyId KEY = KeyId.parse("1234abcd-12ab-34cd-56ef-1234567890ab");
  private static final Duration DAY = Duration.ofDays(1);

  private final KeyStorage storage;
  private final DeletionStorage store;
  private final Machine machine = new Machine();
  private PassedTime time;

  /** A clock that can be set, and a timer that cannot. */
  private static final class Machine extends Clock {
    private Instant now = START;
    private long nanos;

    void run(Duration duration) {
      now = now.plus(duration);
      nanos += duration.toNanos();
    }

    void setForward(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  PassedTimeTest(@TempDir Path folder) {
    storage = Samples.open(Samples.url(folder.resolve("store.db")));
    store = storage.deletions();
    time = process();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private PassedTime process() {
    return new PassedTime(store, machine, () -> machine.nanos);
  }

  @Test
  void clockThatRunsIsBelieved() {
    for (int hour = 0; hour < 100; hour++) {
      assertEquals(machine.instant(), time.look());
      machine.run(Duration.ofHours(1));
    }
    assertFalse(time.isClockDoubted());
  }

  @Test
  void clockSetForwardMakesNoTimePass() {
    time.look();
    machine.setForward(Duration.ofDays(30));
    machine.run(Duration.ofHours(5));

    assertEquals(START.plus(Duration.ofHours(5)), time.look());
    assertTrue(time.isClockDoubted());
  }

  @Test
  void clockSetForwardInSmallStepsMakesNoTimePassEither() {
    time.look();
    for (int i = 0; i < 10_000; i++) {
      machine.setForward(Duration.ofSeconds(59));
      machine.run(Duration.ofSeconds(1));
      time.look();
    }

    Instant passed = time.look();
    assertTrue(passed.isBefore(START.plus(Duration.ofHours(3))), passed::toString);
  }

  @Test
  void newProcessDoesNotBelieveMoreThanADayOfAbsence() {
    time.look();
    machine.setForward(Duration.ofDays(8));

    assertEquals(START, process().look());
    assertEquals(START, process().look());
  }

  @Test
  void newProcessBelievesADayOfAbsence() {
    time.look();
    machine.setForward(DAY);

    assertEquals(START.plus(DAY), process().look());
  }

  @Test
  void clockThatRanEvenlyForADayIsBelieved() {
    time.look();
    machine.setForward(Duration.ofDays(8));
    time.look();
    machine.run(DAY.minusMinutes(1));
    assertEquals(START.plus(DAY.minusMinutes(1)), time.look());

    machine.run(Duration.ofMinutes(1));

    assertEquals(machine.instant(), time.look());
    assertFalse(time.isClockDoubted());
  }

  @Test
  void probationBeginsAnewWhenTheClockIsSetAgain() {
    time.look();
    machine.setForward(Duration.ofDays(8));
    time.look();
    machine.run(DAY.dividedBy(2));
    machine.setForward(Duration.ofDays(1));
    time.look();
    machine.run(DAY.dividedBy(2));

    assertEquals(START.plus(DAY), time.look());
  }

  @Test
  void firstWaitAfterLongIsCountedByTheClock() {
    time.look();
    machine.setForward(Duration.ofDays(100));

    assertEquals(machine.instant(), process().begin());
    machine.run(Duration.ofHours(20));
    assertEquals(machine.instant(), process().look());
  }

  @Test
  void clockIsNotBelievedWhereAnotherKeyWaits() {
    time.look();
    storage.save(List.of(Samples.key(KEY).pendingDeletion(START.plus(DAY))));
    machine.setForward(Duration.ofDays(100));

    assertEquals(START, process().begin());
  }

  @Test
  void clockSetBackLeavesThePassedTime() {
    time.look();
    machine.run(Duration.ofHours(10));
    time.look();
    machine.setForward(Duration.ofHours(-5));

    assertEquals(START.plus(Duration.ofHours(10)), time.look());
    assertFalse(time.isClockDoubted());
  }

  @Test
  void administratorsWordIsBelieved() {
    time.look();
    machine.setForward(Duration.ofDays(8));
    time.look();

    assertEquals(machine.instant(), time.confirm());

    assertEquals(machine.instant(), time.look());
    assertEquals(machine.instant(), process().look());
  }

  @Test
  void timeThatPassedOutlivesTheProcess() {
    time.look();
    machine.run(Duration.ofHours(2));
    time.look();

    machine.setForward(Duration.ofHours(-2));
    assertEquals(START.plus(Duration.ofHours(2)), process().look());
  }
}
