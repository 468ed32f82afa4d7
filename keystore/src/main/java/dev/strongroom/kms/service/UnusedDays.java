// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.LastUse;
import dev.strongroom.kms.life.PassedTime;
import java.time.Duration;
import java.time.Instant;

/**
 * For how many days a key was not used, by the trail: what {@code kms:TrailingDaysWithoutKeyUsage}
 * asks. Reads the trail each time, and so is asked only where a policy does.
 */
final class UnusedDays {
  private final Journal trail;
  private final KeyCache keys;
  private final PassedTime time;

  UnusedDays(Journal trail, KeyCache keys, PassedTime time) {
    this.trail = trail;
    this.keys = keys;
    this.time = time;
  }

  /**
   * Returns whole days since the last cryptographic call that succeeded, or since a key without one
   * was made; a trail that is younger than the key counts from its beginning. 0 where the trail
   * cannot be read in full: what is not known to be unused counts as used.
   *
   * @param now by a clock that may have been set forward: it counts as far as time was seen to pass
   */
  long of(KeyArn key, Instant now) {
    try {
      LastUse last = trail.lastUse(key);
      if (last.unreadable() > 0) {
        return 0;
      }
      Instant passed = time.look();
      Instant since =
          last.record().isPresent() ? last.record().get().eventTime() : beginning(key, last);
      return Math.max(0, Duration.between(since, passed.isBefore(now) ? passed : now).toDays());
    } catch (KmsException.AuditUnavailable e) {
      return 0;
    }
  }

  private Instant beginning(KeyArn key, LastUse last) {
    return keys.find(key.keyId())
        .map(live -> live.key().creationDate())
        .filter(created -> created.isAfter(last.trackingStart()))
        .orElse(last.trackingStart());
  }
}
