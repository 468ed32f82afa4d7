// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.metrics.CallCounter;
import dev.strongroom.kms.metrics.FlightRecorderEvents.OperationTrace;
import dev.strongroom.kms.metrics.OperationCounters;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the gate decided on record, and counts it: what is counted is what is on record, and
 * the calls that could not be; dry runs are on record and not counted. Where the trail cannot be
 * written the methods that record throw {@link KmsException.AuditUnavailable}, and the call fails.
 * Thread-safe.
 */
final class CallRecords {
  private final AuditTrail trail;
  private final OperationCounters counters;

  CallRecords(AuditTrail trail, OperationCounters counters) {
    this.trail = trail;
    this.counters = counters;
  }

  /**
   * Records a call that was let through.
   *
   * @param key null where it is about none
   * @param materialId null unless it is about a key
   */
  void admitted(
      Call call, @Nullable KeyArn key, @Nullable String materialId, Optional<String> decidedBy) {
    if (call.isDryRun()) {
      return; // it is on record when it is known how it would end
    }
    counters.of(call.operation()).called();
    try {
      trail.record(event(call, call.parameters(), key, materialId, decidedBy, null, null));
    } catch (KmsException.AuditUnavailable e) {
      unrecorded(call, key, e);
      throw e;
    }
  }

  /** A call that was let through has its result. */
  void done(Call call, @Nullable KeyArn key) {
    counters.of(call.operation()).ended(call.start());
    if (call.trace() != null) {
      finish(call, key, null);
    }
  }

  /** A call that was let through fails because something about it could not be recorded. */
  void unrecorded(Call call, @Nullable KeyArn key, KmsException.AuditUnavailable error) {
    countFailure(call, key, error);
  }

  /** Records that a call that was let through failed. */
  void failed(Call call, @Nullable KeyArn key, @Nullable String materialId, KmsException error) {
    countFailure(call, key, error);
    trail.record(event(call, call.parameters(), key, materialId, Optional.empty(), error, null));
  }

  /**
   * Records a call that was let through and tried only. Not counted.
   *
   * @param outcome how it would have ended
   */
  void tried(
      Call call,
      @Nullable KeyArn key,
      @Nullable String materialId,
      Optional<String> decidedBy,
      KmsException outcome) {
    trail.record(event(call, call.parameters(), key, materialId, decidedBy, outcome, null));
    finish(call, key, outcome);
  }

  private void countFailure(Call call, @Nullable KeyArn key, KmsException error) {
    CallCounter counter = counters.of(call.operation());
    counter.failed();
    counter.ended(call.start());
    finish(call, key, error);
  }

  private static void finish(Call call, @Nullable KeyArn key, @Nullable KmsException error) {
    OperationTrace trace = call.trace();
    if (trace != null) {
      trace.finish(
          call.operation().apiName(),
          key == null ? null : key.text(),
          call.caller().accountId(),
          error == null ? null : error.errorCode());
    }
  }

  /**
   * Records a refusal, and returns it as the caller is told: that of policies with an id, by which
   * {@link Explanations} finds the record. Refusals that those meet who have no rights come at the
   * {@link RefusalPace}: they must not tell by their time whether there is such a key. Where the
   * refusal cannot be recorded that is what the caller is told, at the same pace.
   */
  KmsException refused(
      Call call, @Nullable KeyArn key, Optional<String> decidedBy, KmsException refusal) {
    if (!call.isDryRun()) {
      CallCounter counter = counters.of(call.operation());
      counter.called();
      counter.refused();
    }
    KmsException told;
    try {
      told = recorded(call, key, decidedBy, refusal);
    } catch (KmsException.AuditUnavailable e) {
      told = e;
    }
    if (refusal instanceof KmsException.AccessDenied
        || refusal instanceof KmsException.InvalidGrantToken) {
      RefusalPace.await(call.start());
    }
    finish(call, key, told);
    return told;
  }

  private KmsException recorded(
      Call call, @Nullable KeyArn key, Optional<String> decidedBy, KmsException refusal) {
    if (!(refusal instanceof KmsException.AccessDenied denied)) {
      trail.record(event(call, call.parameters(), key, null, decidedBy, refusal, null));
      return refusal;
    }
    UUID requestId = UUID.randomUUID();
    trail.record(event(call, call.everything(), key, null, decidedBy, refusal, requestId));
    return denied.withRequestId(requestId);
  }

  private static Map<String, String> marked(Map<String, String> parameters) {
    Map<String, String> more = new TreeMap<>(parameters);
    more.put(AuditRecord.DRY_RUN, "true");
    return more;
  }

  private static AuditEvent event(
      Call call,
      Map<String, String> parameters,
      @Nullable KeyArn key,
      @Nullable String materialId,
      Optional<String> decidedBy,
      @Nullable KmsException error,
      @Nullable UUID requestId) {
    return new AuditEvent(
        call.operation().eventName(),
        call.operation().isReadOnly(),
        call.caller(),
        key,
        materialId,
        call.context(),
        call.isDryRun() ? marked(parameters) : parameters,
        decidedBy.orElse(null),
        error == null ? null : error.errorCode(),
        error == null ? null : error.getMessage(),
        requestId);
  }
}
