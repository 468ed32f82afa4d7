// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.key.KmsKey;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Gate} for calls that approval rules have a say in: those that need approvals besides
 * what lets them through, and those that a rule lets through itself. Thread-safe.
 */
final class ApprovalGate {
  private final Gate gate;
  private final ApprovalDesk desk;
  private final CallRecords records;

  ApprovalGate(Gate gate, ApprovalDesk desk, CallRecords records) {
    this.gate = gate;
    this.desk = desk;
    this.records = records;
  }

  /**
   * Lets a call that changes a key through and does the work.
   *
   * @param about what CreateGrant would make; null for other calls
   * @param work is given the approvals that rules demand, and uses them up together with the
   *     change: work that fails must leave them good
   */
  <T> T runChange(
      Call call,
      KeyRef ref,
      @Nullable Grant about,
      BiFunction<LiveKey, Optional<ApprovalDesk.Approved>, T> work) {
    Gate.Admission admission = gate.admit(call, ref, null, about);
    LiveKey key = admission.key();
    Optional<ApprovalDesk.Approved> approved = approvals(admission);
    Optional<String> label = approved.map(ApprovalDesk.Approved::label);
    gate.record(admission, label);
    return gate.work(
        call,
        key,
        Gate.joined(admission.decision().decider(), label),
        () -> work.apply(key, intact(approved)));
  }

  /** Returns the approvals that rules demand for a call; a refusal is recorded. */
  Optional<ApprovalDesk.Approved> approvals(Gate.Admission admission) {
    KmsKey key = admission.key().key();
    try {
      return desk.approvals(admission.call(), key);
    } catch (KmsException.ApprovalRequired e) {
      throw records.refused(admission.call(), key.arn(), admission.decision().decider(), e);
    }
  }

  private Optional<ApprovalDesk.Approved> intact(Optional<ApprovalDesk.Approved> approved) {
    if (approved.isPresent()) {
      desk.requireIntactStore();
    }
    return approved;
  }

  /**
   * Lets a call that changes the approval rule of the caller's account through, as runChange.
   *
   * @param known the rule, which must still be that when the work changes it
   */
  <T> T runAccountChange(
      Call call, Optional<String> known, Function<Optional<ApprovalDesk.Approved>, T> work) {
    Optional<String> decider = gate.requireAllowed(call).decider();
    Optional<ApprovalDesk.Approved> approved;
    try {
      approved = desk.approvalsOfAccount(call, known);
    } catch (KmsException.ApprovalRequired e) {
      throw records.refused(call, null, decider, e);
    }
    Optional<String> both = Gate.joined(decider, approved.map(ApprovalDesk.Approved::label));
    records.admitted(call, null, null, both);
    return gate.work(call, null, both, () -> work.apply(intact(approved)));
  }

  /**
   * Lets somebody through whom an approval rule names, and does the work. The rule is what lets it;
   * its own policies need not, and can keep it from that.
   *
   * @param key what the request is about; null for the rule of an account
   * @param of whose rule it is
   */
  <T> T runByRule(Call call, @Nullable LiveKey key, String of, Supplier<T> work) {
    gate.requireLive(call);
    if (!gate.isWithinLimits(call, key)) {
      throw records.refused(
          call,
          null,
          Optional.empty(),
          new KmsException.AccessDenied(
              call.notAuthorized() + " because policies of the user or its session forbid it"));
    }
    Optional<String> rule = Optional.of("approval rule of " + of);
    records.admitted(call, key == null ? null : key.key().arn(), null, rule);
    return gate.work(call, key, rule, work);
  }
}
