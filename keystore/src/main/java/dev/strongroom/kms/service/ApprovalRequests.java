// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks for approvals of what rules demand them for; {@link Approving} is the answer. */
final class ApprovalRequests {
  private static final Duration LONGEST = Duration.ofDays(30);

  /** Few calls have more. A request that is too long to be read again would stop the whole key. */
  private static final int MAX_PARAMETER_CHARS = 1 << 15;

  private final Gate gate;
  private final ApprovalAdministration rules;
  private final KeyStorage storage;
  private final PolicyChecks checks;
  private final ApprovalDesk desk;
  private final Clock clock;

  ApprovalRequests(
      Gate gate,
      ApprovalAdministration rules,
      KeyStorage storage,
      PolicyChecks checks,
      ApprovalDesk desk,
      Clock clock) {
    this.gate = gate;
    this.rules = rules;
    this.storage = storage;
    this.checks = checks;
    this.desk = desk;
    this.clock = clock;
  }

  ApprovalRequest onKey(Caller caller, KeyRef ref, ApprovalProposal proposal, Duration validity) {
    UUID id = UUID.randomUUID();
    return gate.run(
        Call.of(caller, Operation.REQUEST_APPROVAL, recorded(id, proposal)),
        ref,
        null,
        live -> {
          String of = live.key().arn().text();
          requireSense(of, desk.demands(live.key()), proposal, validity);
          requirePossible(caller, live, proposal);
          Instant now = now();
          return created(
              ApprovalRequest.onKey(
                  id, live.key().arn(), proposal, caller.arn(), now, end(now, validity)));
        });
  }

  ApprovalRequest onAccount(Caller caller, ApprovalProposal proposal, Duration validity) {
    UUID id = UUID.randomUUID();
    String account = caller.accountId();
    return gate.run(
        Call.of(caller, Operation.REQUEST_ACCOUNT_APPROVAL, recorded(id, proposal)),
        () -> {
          requireOnAccount(proposal);
          requireSense("Account " + account, desk.demands(account), proposal, validity);
          requireOurs(caller, proposal);
          Instant now = now();
          return created(
              ApprovalRequest.onAccount(
                  id, account, proposal, caller.arn(), now, end(now, validity)));
        });
  }

  private static Map<String, String> recorded(UUID id, ApprovalProposal proposal) {
    return Map.of(
        "requestId", id.toString(),
        "operation", proposal.operation(),
        "parametersSha256", proposal.parametersHash());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static Instant end(Instant now, Duration validity) {
    return now.plus(validity).truncatedTo(ChronoUnit.SECONDS);
  }

  private ApprovalRequest created(ApprovalRequest request) {
    storage.approvals().create(request);
    return request;
  }

  private static void requireOnAccount(ApprovalProposal proposal) {
    if (!isOnAccount(proposal)) {
      throw new KmsException.Validation(
          proposal.operation() + " is about a key. Say which, with --key-id.");
    }
  }

  private static boolean isOnAccount(ApprovalProposal proposal) {
    return Operation.find(proposal.operation())
        .filter(operation -> operation.scope() == Operation.Scope.ACCOUNT)
        .isPresent();
  }

  /** Nobody shall approve what needs no approval, or see something else than is approved. */
  private static void requireSense(
      String of, List<ApprovalDesk.Demand> demands, ApprovalProposal proposal, Duration validity) {
    if (validity.compareTo(Duration.ofMinutes(1)) < 0 || validity.compareTo(LONGEST) > 0) {
      throw new KmsException.Validation("A request is open for a minute to 30 days.");
    }
    if (ApprovalDesk.covering(demands, proposal.operation()).isEmpty()) {
      throw new KmsException.Validation(
          of
              + " demands no approvals for "
              + proposal.operation()
              + ". Just do it; 'kms get-approval-rule' and 'kms get-account-approval-rule' show what"
              + " needs approvals.");
    }
    if (!proposal.isWhatItShows()) {
      throw new KmsException.Validation(
          "Approvers would be shown something else than they approve. Have the proposal made by"
              + " ApprovalProposal.putKeyPolicy, putApprovalRule, putAccountApprovalRule or, for what"
              + " has no document, of.");
    }
    int length =
        proposal.parameters().entrySet().stream()
            .mapToInt(each -> each.getKey().length() + each.getValue().length())
            .sum();
    if (length > MAX_PARAMETER_CHARS) {
      throw new KmsException.Validation(
          "The parameters have "
              + length
              + " characters, and a request has "
              + MAX_PARAMETER_CHARS
              + " at most. Name only what the call has, or make several calls of it.");
    }
  }

  /** Nobody shall approve what could not be done. */
  private void requirePossible(Caller caller, LiveKey live, ApprovalProposal proposal) {
    if (isOnAccount(proposal)) {
      throw new KmsException.Validation(
          proposal.operation() + " is about no key. Leave --key-id out.");
    }
    if (proposal.operation().equals(Operation.PUT_KEY_POLICY.apiName())) {
      checks.requireNoLockout(caller, live.facts(), KeyPolicy.parse(proposal.document()));
    }
    requireOurs(caller, proposal);
  }

  private void requireOurs(Caller caller, ApprovalProposal proposal) {
    if (proposal.parameters().containsKey(ApprovalProposal.RULE_HASH)) {
      rules.requireOurs(caller, ApprovalRule.parse(proposal.document()));
    }
  }
}
