// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.crypto.SignatureKeys;
import dev.strongroom.kms.crypto.Verifier;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Whether what a key's rule demands has been approved. Every signature is verified when it is
 * needed, with the key that the rule has for the approver then. Thread-safe.
 */
final class ApprovalDesk {
  private final KeyStorage storage;
  private final Clock clock;

  ApprovalDesk(KeyStorage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /** A request with enough approvals, and how the trail names them. */
  record Approved(UUID request, String label) {}

  /** Returns the rule of a key. */
  static Optional<ApprovalRule> rule(KmsKey key) {
    try {
      return key.approvalRule().map(ApprovalRule::parse);
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration(
          "The approval rule of " + key.arn() + " is of a newer version of Strongroom. Use that.",
          e);
    }
  }

  /**
   * Returns the approvals of a call that a rule demands; empty where none does.
   *
   * @throws KmsException.ApprovalRequired if there are too few; says of whom and what to do
   */
  Optional<Approved> approvals(Call call, KmsKey key) {
    String operation = call.operation().apiName();
    ApprovalRule rule = rule(key).filter(each -> each.covers(operation)).orElse(null);
    if (rule == null) {
      return Optional.empty();
    }
    ApprovalProposal proposal = ApprovalProposal.of(operation, call.parameters());
    ApprovalRequest best = null;
    Set<String> most = Set.of();
    for (ApprovalRequest request : storage.approvals().open(key.keyId(), clock.instant())) {
      Set<String> valid = request.isFor(proposal) ? valid(rule, request) : Set.of();
      if (request.isFor(proposal) && (best == null || valid.size() > most.size())) {
        best = request;
        most = valid;
      }
    }
    if (best == null || most.size() < rule.required()) {
      throw new KmsException.ApprovalRequired(
          missing(key, rule, operation, Optional.ofNullable(best), most));
    }
    return Optional.of(
        new Approved(best.id(), "request " + best.id() + " approved by " + names(most)));
  }

  /** Returns who has approved a request, as far as the rule is concerned. */
  Set<String> valid(ApprovalRule rule, ApprovalRequest request) {
    Set<String> valid = new TreeSet<>();
    for (Approval approval : request.approvals()) {
      rule.approver(approval.principalArn())
          .filter(approver -> isSigned(approver, request, approval))
          .ifPresent(approver -> valid.add(approver.principalArn()));
    }
    return valid;
  }

  /** Returns whether an approval is the approver's own. */
  static boolean isSigned(Approver approver, ApprovalRequest request, Approval approval) {
    byte[] publicKey = approver.publicKeyBytes();
    return approval.algorithm().fits(approver.spec())
        && Verifier.verify(
            approver.spec(),
            publicKey,
            approval.algorithm(),
            SignatureKeys.input(approval.algorithm(), publicKey, request.statement()),
            approval.signatureBytes());
  }

  private static String missing(
      KmsKey key,
      ApprovalRule rule,
      String operation,
      Optional<ApprovalRequest> request,
      Set<String> valid) {
    List<String> others = new ArrayList<>();
    rule.approvers().forEach(approver -> others.add(approver.principalArn()));
    others.removeAll(valid);
    int left = rule.required() - valid.size();
    String demand =
        key.arn()
            + " demands "
            + rule.required()
            + " of "
            + rule.approvers().size()
            + " approvals for "
            + operation
            + ", and "
            + left
            + (left == 1 ? " is" : " are")
            + " missing, of "
            + names(others)
            + ". ";
    return request
        .map(
            found ->
                demand
                    + "They approve with 'kms approve --request "
                    + found.id()
                    + "' until "
                    + found.expires()
                    + "; then call again.")
        .orElseGet(
            () ->
                demand
                    + "Ask for exactly this with 'kms request-approval --key-id "
                    + key.keyId()
                    + " --operation "
                    + operation
                    + "'.");
  }

  private static String names(Iterable<String> arns) {
    return String.join(", ", arns);
  }

  /**
   * Makes sure that what was approved was not used before: a row that was put back after its use
   * would pass alone; the whole store would not.
   */
  void requireIntactStore() {
    storage.verifyAll((done, total) -> {});
  }

  /**
   * Writes keys and uses up the request that it took, so that it is good for this change only. If
   * either fails, nothing is written and the request stays good.
   *
   * @throws KmsException.InvalidState if the request was used or has expired meanwhile
   */
  void save(List<KmsKey> keys, Approved approved) {
    Instant now = clock.instant();
    storage.save(keys, approved.request(), request -> requireOpen(request, now).usedAt(now));
  }

  /** Returns the request, which must be good at that time. */
  static ApprovalRequest requireOpen(ApprovalRequest request, Instant now) {
    if (!request.isOpenAt(now)) {
      throw new KmsException.InvalidState(
          "Request "
              + request.id()
              + (request.used().isPresent() ? " was used" : " expired on " + request.expires())
              + ". Ask for approvals again with 'kms request-approval'.");
    }
    return request;
  }
}
