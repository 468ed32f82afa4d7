// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.crypto.SignatureKeys;
import dev.strongroom.kms.crypto.Verifier;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.ApprovalUse;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Whether what the rules of a key and of its account demand has been approved. Every signature is
 * verified when it is needed, with the key that the rule has for the approver then. The rule of the
 * account is read when a call is let through: one that is put meanwhile holds for the next.
 * Thread-safe.
 */
final class ApprovalDesk {
  private final KeyStorage storage;
  private final Clock clock;

  ApprovalDesk(KeyStorage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /** A rule and what it is of, in words: the ARN of a key, or "account" and its number. */
  record Demand(String of, ApprovalRule rule) {

    /** Returns the beginning of a sentence: what has to be approved by how many. */
    String text(String operation) {
      return of
          + " demands "
          + rule.required()
          + " of "
          + rule.approvers().size()
          + " approvals for "
          + operation;
    }
  }

  /** A request with enough approvals, and how the trail names them. */
  record Approved(UUID request, String label) {}

  /** Returns the rule of a key itself. */
  static Optional<ApprovalRule> rule(KmsKey key) {
    return key.approvalRule().map(json -> parse(json, key.arn().text()));
  }

  /** Returns the rule of an account itself. */
  Optional<ApprovalRule> rule(String account) {
    return storage.approvals().accountRule(account).map(json -> parse(json, named(account)));
  }

  private static ApprovalRule parse(String json, String of) {
    try {
      return ApprovalRule.parse(json);
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration(
          "The approval rule of " + of + " is of a newer version of Strongroom. Use that.", e);
    }
  }

  private static String named(String account) {
    return "account " + account;
  }

  /** Returns the rules that hold for a key: its own and its account's. */
  List<Demand> demands(KmsKey key) {
    List<Demand> demands = new ArrayList<>();
    rule(key).ifPresent(rule -> demands.add(new Demand(key.arn().text(), rule)));
    demands.addAll(demands(key.arn().place().account()));
    return demands;
  }

  /** Returns the rule that holds for the rule of an account: itself. */
  List<Demand> demands(String account) {
    return demands(account, storage.approvals().accountRule(account));
  }

  private static List<Demand> demands(String account, Optional<String> json) {
    String of = named(account);
    return json.map(rule -> new Demand(of, parse(rule, of))).stream().toList();
  }

  /** Returns those of the rules that are about an operation. */
  static List<Demand> covering(List<Demand> demands, String operation) {
    return demands.stream().filter(demand -> demand.rule().covers(operation)).toList();
  }

  /**
   * Returns the approvals of a call on a key that rules demand; empty where none does.
   *
   * @throws KmsException.ApprovalRequired if there are too few; says of whom and what to do
   */
  Optional<Approved> approvals(Call call, KmsKey key) {
    if (!ApprovalRule.canCover(call.operation().apiName())) {
      return Optional.empty();
    }
    return approvals(call, demands(key), key.arn().place().account(), Optional.of(key.keyId()));
  }

  /**
   * Does the same for a call on the rule of the caller's account.
   *
   * @param known the rule, which must still be that when the call changes it
   */
  Optional<Approved> approvalsOfAccount(Call call, Optional<String> known) {
    String account = call.caller().accountId();
    return approvals(call, demands(account, known), account, Optional.empty());
  }

  private Optional<Approved> approvals(
      Call call, List<Demand> all, String account, Optional<KeyId> key) {
    List<Demand> demands = covering(all, call.operation().apiName());
    if (demands.isEmpty()) {
      return Optional.empty();
    }
    ApprovalProposal proposal = proposal(call);
    Count best = new Count(Optional.empty(), demands);
    for (ApprovalRequest request : storage.approvals().open(account, key, clock.instant())) {
      if (request.isFor(proposal)) {
        Count count = new Count(Optional.of(request), demands);
        best = best.request().isEmpty() || count.missing() < best.missing() ? count : best;
      }
    }
    if (best.request().isEmpty() || best.missing() > 0) {
      throw new KmsException.ApprovalRequired(
          account.equals(call.caller().accountId())
              ? best.text(proposal.operation(), key)
              : textElsewhere(proposal.operation(), key));
    }
    UUID id = best.request().get().id();
    return Optional.of(
        new Approved(id, "request " + id + " approved by " + names(best.approvers())));
  }

  /** Who approves, and what they have approved, is not for callers of other accounts to know. */
  private static String textElsewhere(String operation, Optional<KeyId> key) {
    return "The key's account demands approvals for "
        + operation
        + ", and they are missing. Have somebody of that account ask for exactly this: "
        + Count.command(operation, key)
        + ". When it is approved, call again.";
  }

  /** Returns a call as it is asked for: before it is let through, a grant has no id. */
  private static ApprovalProposal proposal(Call call) {
    Map<String, String> parameters = new TreeMap<>(call.parameters());
    if (call.operation() == Operation.CREATE_GRANT) {
      parameters.remove(GrantDraft.GRANT_ID);
    }
    return ApprovalProposal.of(call.operation().apiName(), parameters);
  }

  /** How far a request is, or none, with what rules demand. */
  private record Count(Optional<ApprovalRequest> request, List<Demand> demands) {

    Set<String> valid(Demand demand) {
      return request.map(found -> ApprovalDesk.valid(demand.rule(), found)).orElse(Set.of());
    }

    int missing(Demand demand) {
      return Math.max(0, demand.rule().required() - valid(demand).size());
    }

    int missing() {
      return demands.stream().mapToInt(this::missing).sum();
    }

    Set<String> approvers() {
      Set<String> approvers = new TreeSet<>();
      demands.forEach(demand -> approvers.addAll(valid(demand)));
      return approvers;
    }

    String text(String operation, Optional<KeyId> key) {
      StringBuilder text = new StringBuilder();
      for (Demand demand : demands) {
        int left = missing(demand);
        if (left > 0) {
          List<String> others = new ArrayList<>();
          demand.rule().approvers().forEach(approver -> others.add(approver.principalArn()));
          others.removeAll(valid(demand));
          text.append(demand.text(operation))
              .append(", and ")
              .append(left)
              .append(left == 1 ? " is" : " are")
              .append(" missing, of ")
              .append(names(others))
              .append(". ");
        }
      }
      return text + request.map(Count::approve).orElseGet(() -> ask(operation, key));
    }

    private static String approve(ApprovalRequest request) {
      return "They approve with 'kms approve --request "
          + request.id()
          + "' until "
          + request.expires()
          + "; then call again.";
    }

    private static String ask(String operation, Optional<KeyId> key) {
      return "Ask for exactly this with " + command(operation, key) + ".";
    }

    static String command(String operation, Optional<KeyId> key) {
      return "'kms request-approval"
          + key.map(id -> " --key-id " + id).orElse("")
          + " --operation "
          + operation
          + "'";
    }
  }

  /** Returns who has approved a request, as far as the rule is concerned. */
  private static Set<String> valid(ApprovalRule rule, ApprovalRequest request) {
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
   * Returns how a change uses up the request that it takes, so that it is good for this change
   * only. If the change fails, the request stays good; if it was used or has expired meanwhile,
   * that is a {@link KmsException.InvalidState}.
   */
  ApprovalUse use(Approved approved) {
    Instant now = clock.instant();
    return new ApprovalUse(approved.request(), request -> requireOpen(request, now).usedAt(now));
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
