// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.crypto.SignatureKeys;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Rules that demand approvals, requests for them, and approving. */
final class ApprovalAdministration {
  private static final Duration LONGEST = Duration.ofDays(30);

  /** No call has more. A request that is too long to be read again would stop the whole key. */
  private static final int MAX_PARAMETER_CHARS = 4096;

  private final Gate gate;
  private final NamedKeys names;
  private final KeyAdministration keys;
  private final Signing signing;
  private final KeyStorage storage;
  private final PolicyChecks checks;
  private final Clock clock;

  ApprovalAdministration(
      Gate gate,
      NamedKeys names,
      KeyAdministration keys,
      Signing signing,
      KeyStorage storage,
      PolicyChecks checks,
      Clock clock) {
    this.gate = gate;
    this.names = names;
    this.keys = keys;
    this.signing = signing;
    this.storage = storage;
    this.checks = checks;
    this.clock = clock;
  }

  /** Returns the rule that names these approvers with the public halves of their keys. */
  ApprovalRule rule(
      Caller caller, int required, List<ApproverKey> approvers, Set<String> operations) {
    List<Approver> all = new ArrayList<>();
    for (ApproverKey approver : approvers) {
      all.add(approver(caller, approver));
    }
    try {
      return new ApprovalRule(required, all, operations);
    } catch (IllegalArgumentException e) {
      throw new KmsException.Validation(String.valueOf(e.getMessage()));
    }
  }

  private Approver approver(Caller caller, ApproverKey approver) {
    if (approver.publicKey().isPresent()) {
      byte[] publicKey = approver.publicKey().get();
      return new Approver(
          approver.principalArn(),
          Optional.empty(),
          SignatureKeys.specOf(publicKey),
          Base64.getEncoder().encodeToString(publicKey));
    }
    KeyRef ref = approver.key().orElseThrow();
    return gate.run(
        Call.of(caller, Operation.GET_PUBLIC_KEY),
        ref,
        KeyUsage.SIGN_VERIFY,
        live ->
            new Approver(
                approver.principalArn(),
                Optional.of(live.key().keyId()),
                live.key().spec(),
                Base64.getEncoder().encodeToString(live.key().current().publicKey())));
  }

  /**
   * Makes sure that a rule is one that {@link #rule} makes, whoever made it: in another encoding
   * one key would be two approvers, and another key than the named one would sign for its owner.
   */
  private void requireOurs(Caller caller, ApprovalRule rule) {
    for (Approver approver : rule.approvers()) {
      if (!approver.equals(approver(caller, asked(approver)))) {
        throw new KmsException.Validation(
            "The rule has another key for "
                + approver.principalArn()
                + " than it says, or has it in another form. Have the rule made by"
                + " Kms.approvalRule.");
      }
    }
  }

  private static ApproverKey asked(Approver approver) {
    if (approver.keyId().isPresent()) {
      return ApproverKey.of(approver.principalArn(), approver.keyId().get());
    }
    try {
      return ApproverKey.elsewhere(approver.principalArn(), approver.publicKeyBytes());
    } catch (IllegalArgumentException e) {
      throw new KmsException.Validation(
          "The public key of " + approver.principalArn() + " is not in base64. Encode it anew.");
    }
  }

  void put(Caller caller, KeyRef ref, ApprovalRule rule) {
    requireOurs(caller, rule);
    ApprovalProposal proposal = ApprovalProposal.putApprovalRule(rule);
    keys.change(
        Call.of(caller, Operation.PUT_APPROVAL_RULE, proposal.parameters()),
        ref,
        key -> key.withApprovalRule(Optional.of(rule.toJson())));
  }

  void delete(Caller caller, KeyRef ref) {
    keys.change(
        Call.of(caller, Operation.DELETE_APPROVAL_RULE),
        ref,
        key -> key.withApprovalRule(Optional.empty()));
  }

  Optional<ApprovalRule> get(Caller caller, KeyRef ref) {
    return gate.run(
        Call.of(caller, Operation.GET_APPROVAL_RULE),
        ref,
        null,
        live -> ApprovalDesk.rule(live.key()));
  }

  ApprovalRequest request(Caller caller, KeyRef ref, ApprovalProposal proposal, Duration validity) {
    UUID id = UUID.randomUUID();
    Map<String, String> recorded =
        Map.of(
            "requestId", id.toString(),
            "operation", proposal.operation(),
            "parametersSha256", proposal.parametersHash());
    return gate.run(
        Call.of(caller, Operation.REQUEST_APPROVAL, recorded),
        ref,
        null,
        live -> {
          requireSense(caller, live, proposal, validity);
          Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
          ApprovalRequest request =
              new ApprovalRequest(
                  id,
                  live.key().arn().text(),
                  proposal,
                  caller.arn(),
                  now,
                  now.plus(validity).truncatedTo(ChronoUnit.SECONDS),
                  Optional.empty(),
                  List.of());
          storage.approvals().create(request);
          return request;
        });
  }

  /** Nobody shall approve what could not be done, or what needs no approval. */
  private void requireSense(
      Caller caller, LiveKey live, ApprovalProposal proposal, Duration validity) {
    if (validity.compareTo(Duration.ofMinutes(1)) < 0 || validity.compareTo(LONGEST) > 0) {
      throw new KmsException.Validation("A request is open for a minute to 30 days.");
    }
    if (ApprovalDesk.rule(live.key()).filter(rule -> rule.covers(proposal.operation())).isEmpty()) {
      throw new KmsException.Validation(
          live.key().arn()
              + " demands no approvals for "
              + proposal.operation()
              + ". Just do it; 'kms get-approval-rule' shows what needs approvals.");
    }
    if (!proposal.isWhatItShows()) {
      throw new KmsException.Validation(
          "Approvers would be shown something else than they approve. Have the proposal made by"
              + " ApprovalProposal.putKeyPolicy, putApprovalRule or, for what has no document, of.");
    }
    int length =
        proposal.parameters().entrySet().stream()
            .mapToInt(each -> each.getKey().length() + each.getValue().length())
            .sum();
    if (length > MAX_PARAMETER_CHARS) {
      throw new KmsException.Validation(
          "The parameters have "
              + length
              + " characters; those of a call have "
              + MAX_PARAMETER_CHARS
              + " at most. Name only what the call has.");
    }
    requirePossible(caller, live, proposal);
  }

  private void requirePossible(Caller caller, LiveKey live, ApprovalProposal proposal) {
    if (proposal.operation().equals(Operation.PUT_KEY_POLICY.apiName())) {
      checks.requireNoLockout(caller, live.facts(), KeyPolicy.parse(proposal.document()));
    }
    if (proposal.operation().equals(Operation.PUT_APPROVAL_RULE.apiName())) {
      requireOurs(caller, ApprovalRule.parse(proposal.document()));
    }
  }

  ApprovalRequest describe(Caller caller, UUID id) {
    Call call = call(caller, Operation.DESCRIBE_APPROVAL_REQUEST, id);
    ApprovalRequest request = storage.approvals().find(id).orElseThrow(() -> absent(call, id));
    KeyArn ref = KeyArn.parse(request.keyArn());
    LiveKey known = names.get(ref);
    boolean isApprover =
        ApprovalDesk.rule(known.key()).flatMap(rule -> rule.approver(caller.arn())).isPresent();
    if (isApprover) {
      return gate.runByRule(call, known, () -> request);
    }
    if (NamedKeys.isForeign(call, known)) {
      throw absent(call, id);
    }
    return gate.run(call, ref, null, live -> request);
  }

  private KmsException absent(Call call, UUID id) {
    return gate.absent(
        call, "There is no request for approvals " + id + ". 'kms request-approval' makes one.");
  }

  /** Approves with the KMS key that the rule has for the caller. */
  ApprovalRequest approve(Caller caller, UUID id) {
    Named named = named(caller, id);
    KeyRef key =
        named
            .approver()
            .keyId()
            .orElseThrow(
                () ->
                    new KmsException.Validation(
                        "The rule has a key from elsewhere for "
                            + caller.arn()
                            + ". Sign the statement of 'kms describe-approval-request' with it and"
                            + " give --signing-algorithm and --signature."));
    SigningAlgorithm algorithm = SigningAlgorithm.namedFor(named.approver().spec()).get(0);
    byte[] signature =
        signing.sign(caller, key, SignRequest.raw(algorithm, named.request().statement()));
    return add(named, algorithm, signature);
  }

  /** Approves with a signature that was made elsewhere. */
  ApprovalRequest approve(Caller caller, UUID id, SigningAlgorithm algorithm, byte[] signature) {
    return add(named(caller, id), algorithm, signature);
  }

  /** Somebody who may approve a request. */
  private record Named(Caller caller, LiveKey live, ApprovalRequest request, Approver approver) {}

  /** Refuses others alike, whether there is such a request. */
  private Named named(Caller caller, UUID id) {
    Call call = call(caller, Operation.APPROVE_REQUEST, id);
    Optional<ApprovalRequest> found = storage.approvals().find(id);
    if (found.isPresent()) {
      LiveKey live = names.get(KeyArn.parse(found.get().keyArn()));
      Optional<Approver> approver =
          ApprovalDesk.rule(live.key()).flatMap(rule -> rule.approver(caller.arn()));
      if (approver.isPresent()) {
        return new Named(caller, live, found.get(), approver.get());
      }
    }
    throw gate.refuse(
        call,
        "User: "
            + caller.arn()
            + " is not authorized to approve this request because there is no such request or the"
            + " rule of its key does not name the user");
  }

  private ApprovalRequest add(Named named, SigningAlgorithm algorithm, byte[] signature) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Approval approval =
        new Approval(
            named.caller().arn(), algorithm, Base64.getEncoder().encodeToString(signature), now);
    return gate.runByRule(
        call(named.caller(), Operation.APPROVE_REQUEST, named.request().id()),
        named.live(),
        () -> {
          if (!ApprovalDesk.isSigned(named.approver(), named.request(), approval)) {
            throw new KmsException.InvalidSignature();
          }
          return storage
              .approvals()
              .change(
                  named.request().id(),
                  each -> ApprovalDesk.requireOpen(each, clock.instant()).with(approval));
        });
  }

  private static Call call(Caller caller, Operation operation, UUID id) {
    return Call.of(caller, operation, Map.of("requestId", id.toString()));
  }
}
