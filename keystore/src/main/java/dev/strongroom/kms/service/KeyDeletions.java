// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.LastUse;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.life.PassedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * ScheduleKeyDeletion, CancelKeyDeletion and ConfirmClock. What is due is destroyed by {@link
 * dev.strongroom.kms.life.KeySweep}.
 */
final class KeyDeletions {

  /** The parameter that says how long a deletion can be cancelled. */
  static final String PENDING_WINDOW = "pendingWindowInDays";

  private static final String QUIET_DAYS = "requireQuietDays";

  private final ManagementGate management;
  private final KeyAdministration keys;
  private final KeyReplication replication;
  private final Journal trail;
  private final PassedTime time;
  private final Clock clock;

  KeyDeletions(
      ManagementGate management,
      KeyAdministration keys,
      KeyReplication replication,
      Journal trail,
      PassedTime time,
      Clock clock) {
    this.management = management;
    this.keys = keys;
    this.replication = replication;
    this.trail = trail;
    this.time = time;
    this.clock = clock;
  }

  ScheduleKeyDeletionResult schedule(Caller caller, ScheduleKeyDeletionRequest request) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put(PENDING_WINDOW, String.valueOf(request.pendingWindowInDays()));
    request.requiredQuietDays().ifPresent(days -> parameters.put(QUIET_DAYS, String.valueOf(days)));
    return keys.change(
        Call.of(caller, Operation.SCHEDULE_KEY_DELETION, parameters),
        request.key(),
        live -> result(caller, live.key(), request),
        (key, result) -> key.pendingDeletion(result.deletionDate()));
  }

  /**
   * Counts from the later of clock and time that passed: a clock that is behind shortens nothing.
   */
  private ScheduleKeyDeletionResult result(
      Caller caller, KmsKey key, ScheduleKeyDeletionRequest request) {
    replication.requireNoReplicas(key);
    Instant now = clock.instant();
    if (request.requiredQuietDays().isPresent()) {
      Instant passed = time.look();
      Instant believed = passed.isBefore(now) ? passed : now;
      requireQuiet(key, request.requiredQuietDays().getAsInt(), believed);
    }
    Instant begun = caller.isDryRun() ? now : time.begin();
    Instant from = begun.isAfter(now) ? begun : now;
    Instant date =
        from.plus(Duration.ofDays(request.pendingWindowInDays())).truncatedTo(ChronoUnit.MILLIS);
    return new ScheduleKeyDeletionResult(
        key.arn(), date, KeyState.PENDING_DELETION, request.pendingWindowInDays());
  }

  private void requireQuiet(KmsKey key, int days, Instant now) {
    Instant since = now.minus(Duration.ofDays(days));
    LastUse last = trail.lastUse(key.arn());
    String demand = " The demand is that it was not used for " + days + " days.";
    if (last.record().filter(use -> !use.eventTime().isBefore(since)).isPresent()) {
      throw new KmsException.InvalidState(used(key.arn(), last.record().get()) + demand);
    }
    if (last.unreadable() > 0) {
      throw new KmsException.InvalidState(
          "Whether "
              + key.arn()
              + " was used is not known: the trail cannot be read at "
              + last.unreadable()
              + " places; 'cloudtrail validate-logs' names them."
              + demand);
    }
    if (last.trackingStart().isAfter(since) && key.creationDate().isBefore(last.trackingStart())) {
      throw new KmsException.InvalidState(
          "Whether "
              + key.arn()
              + " was used before "
              + last.trackingStart()
              + " is not known: the trail begins then."
              + demand);
    }
  }

  private static String used(KeyArn arn, AuditRecord use) {
    return arn
        + " was used last on "
        + use.eventTime()
        + " by "
        + use.callerArn().orElse("somebody unknown")
        + " for "
        + use.eventName()
        + "; 'kms deletion-impact --key-id "
        + arn.keyId()
        + "' shows all uses.";
  }

  KeyArn cancel(Caller caller, KeyRef ref) {
    return keys.change(
        Call.of(caller, Operation.CANCEL_KEY_DELETION),
        ref,
        live -> live.key().arn(),
        (key, arn) -> key.kept());
  }

  Instant confirmClock(Caller caller) {
    return management.run(
        Call.of(caller, Operation.CONFIRM_CLOCK),
        "keys of all accounts are destroyed by that clock; the account that the KMS was made with"
            + " confirms it",
        time::confirm);
  }
}
