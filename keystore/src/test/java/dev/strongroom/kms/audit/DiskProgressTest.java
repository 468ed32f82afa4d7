// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DiskProgressTest {
  private final DiskProgress disk = new DiskProgress();

  @Test
  void nothingIsUnforcedAtFirst() {
    assertFalse(disk.isDirty());
    assertEquals(0, disk.unforcedForNanos(1000));
  }

  @Test
  void ageIsThatOfTheOldestRecord() {
    disk.add(100);
    disk.add(150);

    assertEquals(100, disk.unforcedForNanos(200));
    assertTrue(disk.isDirty());
  }

  @Test
  void recordsAreForcedWhenForcingEndsAndNotBefore() {
    long ticket = disk.add(100);
    disk.beginForce();
    long last = disk.lastToForce();
    assertFalse(disk.isForced(ticket));

    disk.endForce(last, 0);
    assertTrue(disk.isForced(ticket));
    assertEquals(0, disk.unforcedForNanos(900));
  }

  @Test
  void slowForcingAgesWhatCameMeanwhile() {
    disk.add(100);
    disk.beginForce();
    long last = disk.lastToForce();
    long late = disk.add(300);

    assertEquals(400, disk.unforcedForNanos(500));

    disk.endForce(last, 0);
    assertFalse(disk.isForced(late));
    assertEquals(200, disk.unforcedForNanos(500));
  }

  @Test
  void recordsOfAStreamThatWasGivenUpAreLostUnlessForced() {
    long first = disk.add(100);
    disk.beginForce();
    disk.endForce(disk.lastToForce(), 0);
    long second = disk.add(200);
    disk.giveUp();
    long third = disk.add(300);

    assertFalse(disk.isLost(first));
    assertTrue(disk.isLost(second));
    assertFalse(disk.isLost(third));
    assertEquals(100, disk.unforcedForNanos(400));
  }

  @Test
  void endOfAStreamForcesAll() {
    long ticket = disk.add(100);
    disk.allForced(0);
    disk.giveUp();

    assertTrue(disk.isForced(ticket));
    assertFalse(disk.isLost(ticket));
  }
}
