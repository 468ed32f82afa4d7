// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the gate decided on record. Where the trail cannot be written every method throws
 * {@link KmsException.AuditUnavailable}, and the call fails. Thread-safe.
 */
final class CallRecords {
  private final AuditTrail trail;

  CallRecords(AuditTrail trail) {
    this.trail = trail;
  }

  /**
   * Records a call that was let through.
   *
   * @param key null where it is about none
   * @param materialId null unless it is about a key
   */
  void admitted(
      Call call, @Nullable KeyArn key, @Nullable String materialId, Optional<String> decidedBy) {
    trail.record(event(call, call.parameters(), key, materialId, decidedBy, null, null));
  }

  /** Records that a call that was let through failed. */
  void failed(Call call, @Nullable KeyArn key, @Nullable String materialId, KmsException error) {
    trail.record(event(call, call.parameters(), key, materialId, Optional.empty(), error, null));
  }

  /**
   * Records a refusal, and returns it as the caller is told: that of policies with an id, by which
   * {@link Explanations} finds the record. Refusals that those meet who have no rights come at the
   * {@link RefusalPace}: they must not tell by their time whether there is such a key.
   */
  KmsException refused(
      Call call, @Nullable KeyArn key, Optional<String> decidedBy, KmsException refusal) {
    KmsException told = recorded(call, key, decidedBy, refusal);
    if (told instanceof KmsException.AccessDenied
        || told instanceof KmsException.InvalidGrantToken) {
      RefusalPace.await(call.start());
    }
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
        parameters,
        decidedBy.orElse(null),
        error == null ? null : error.errorCode(),
        error == null ? null : error.getMessage(),
        requestId);
  }
}
