// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of this machine, which tests set forward. */
final class MovingTime extends Clock {
  private volatile Duration passed = Duration.ZERO;

  void pass(Duration duration) {
    passed = passed.plus(duration);
  }

  Duration passed() {
    return passed;
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(passed);
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
