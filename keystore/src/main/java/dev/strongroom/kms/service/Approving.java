// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Shows requests for approvals and approves them, for those whom the rule of the key or of its
 * account names.
 */
final class Approving {
  private final Gate gate;
  private final ApprovalGate guarded;
  private final NamedKeys names;
  private final Signing signing;
  private final KeyStorage storage;
  private final ApprovalDesk desk;
  private final Clock clock;

  Approving(
      Gate gate,
      ApprovalGate guarded,
      NamedKeys names,
      Signing signing,
      KeyStorage storage,
      ApprovalDesk desk,
      Clock clock) {
    this.gate = gate;
    this.guarded = guarded;
    this.names = names;
    this.signing = signing;
    this.storage = storage;
    this.desk = desk;
    this.clock = clock;
  }

  /**
   * A request with what it is about and the caller in its rules.
   *
   * @param key null where it is about the rule of an account
   * @param approvers the caller as rules name it, once for each of its keys; none: it may not
   *     approve
   */
  private record Named(
      Caller caller, @Nullable LiveKey key, ApprovalRequest request, List<Approver> approvers) {

    /** Returns the words of the trail for whose rule lets the caller through. */
    String of() {
      return key == null ? "the account" : "the key";
    }
  }

  ApprovalRequest describe(Caller caller, UUID id) {
    Call call = call(caller, Operation.DESCRIBE_APPROVAL_REQUEST, id);
    gate.requireLive(call);
    Named named = find(caller, id).orElseThrow(() -> absent(call, id));
    if (isApprover(call, named)) {
      return guarded.runByRule(call, named.key(), named.of(), named::request);
    }
    LiveKey key = named.key();
    // A refusal about an account has other words than one about a key that there is not.
    if (key == null
        ? !named.request().account().equals(caller.accountId()) || !gate.wouldAdmit(call)
        : NamedKeys.isForeign(call, key)) {
      throw absent(call, id);
    }
    return key == null
        ? gate.run(call, named::request)
        : gate.run(call, key.key().arn(), null, live -> named.request());
  }

  private boolean isApprover(Call call, Named named) {
    return !named.approvers().isEmpty() && gate.isWithinLimits(call, named.key());
  }

  private Optional<Named> find(Caller caller, UUID id) {
    return storage.approvals().find(id).map(request -> named(caller, request));
  }

  private Named named(Caller caller, ApprovalRequest request) {
    Optional<KeyArn> arn = request.key();
    LiveKey key = arn.isPresent() ? names.get(arn.get()) : null;
    Map<String, Approver> byPublicKey = new LinkedHashMap<>();
    (key == null ? desk.demands(request.account()) : desk.demands(key.key()))
        .forEach(
            demand ->
                demand
                    .rule()
                    .approver(caller.arn())
                    .ifPresent(each -> byPublicKey.putIfAbsent(each.publicKey(), each)));
    return new Named(caller, key, request, List.copyOf(byPublicKey.values()));
  }

  private KmsException absent(Call call, UUID id) {
    return gate.absent(
        call, "There is no request for approvals " + id + ". 'kms request-approval' makes one.");
  }

  /** Approves with the KMS key that the rule has for the caller, or with those that both have. */
  ApprovalRequest approve(Caller caller, UUID id) {
    Named named = approver(caller, id);
    List<Approval> made = new ArrayList<>();
    for (Approver approver : named.approvers()) {
      Optional<KeyId> key = approver.keyId();
      if (key.isPresent()) {
        SigningAlgorithm algorithm = SigningAlgorithm.namedFor(approver.spec()).get(0);
        byte[] statement = named.request().statement();
        made.add(
            approval(
                caller,
                algorithm,
                signing.sign(
                    caller,
                    key.get(),
                    SignRequest.raw(algorithm, statement)
                        .withKeyMaterialId(materialId(approver)))));
      }
    }
    if (made.isEmpty()) {
      throw new KmsException.Validation(
          "The rule has a key from elsewhere for "
              + caller.arn()
              + ". Sign the statement of 'kms describe-approval-request' with it and give"
              + " --signing-algorithm and --signature.");
    }
    return add(named, made);
  }

  /** The key may have been rotated since; the rule has the public half of one generation. */
  private static String materialId(Approver approver) {
    return HexFormat.of().formatHex(Sha256.of(approver.publicKeyBytes()));
  }

  /** Approves with a signature that was made elsewhere. */
  ApprovalRequest approve(Caller caller, UUID id, SigningAlgorithm algorithm, byte[] signature) {
    return add(approver(caller, id), List.of(approval(caller, algorithm, signature)));
  }

  private Approval approval(Caller caller, SigningAlgorithm algorithm, byte[] signature) {
    return new Approval(
        caller.arn(),
        algorithm,
        Base64.getEncoder().encodeToString(signature),
        clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Refuses others alike, whether there is such a request. */
  private Named approver(Caller caller, UUID id) {
    Call call = call(caller, Operation.APPROVE_REQUEST, id);
    gate.requireLive(call);
    return find(caller, id)
        .filter(named -> isApprover(call, named))
        .orElseThrow(
            () ->
                gate.refuse(
                    call,
                    "User: "
                        + caller.arn()
                        + " is not authorized to approve this request because there is no such"
                        + " request, the rule of its key or account does not name the user, or"
                        + " policies of the user or its session forbid it"));
  }

  private ApprovalRequest add(Named named, List<Approval> made) {
    return guarded.runByRule(
        call(named.caller(), Operation.APPROVE_REQUEST, named.request().id()),
        named.key(),
        named.of(),
        () -> {
          if (!made.stream().allMatch(approval -> isSigned(named, approval))) {
            throw new KmsException.InvalidSignature();
          }
          Instant now = clock.instant();
          return storage
              .approvals()
              .change(
                  named.request().id(),
                  each -> with(named, ApprovalDesk.requireOpen(each, now), made));
        });
  }

  private static boolean isSigned(Named named, Approval approval) {
    return named.approvers().stream()
        .anyMatch(approver -> ApprovalDesk.isSigned(approver, named.request(), approval));
  }

  /** One approval by each key that rules have for the approver, so that it approves once. */
  private static ApprovalRequest with(Named named, ApprovalRequest request, List<Approval> newest) {
    List<Approval> candidates = new ArrayList<>(newest);
    request.approvals().stream()
        .filter(each -> each.principalArn().equals(named.caller().arn()))
        .forEach(candidates::add);
    List<Approval> kept = new ArrayList<>();
    for (Approver approver : named.approvers()) {
      candidates.stream()
          .filter(each -> ApprovalDesk.isSigned(approver, request, each))
          .findFirst()
          .ifPresent(kept::add);
    }
    return request.with(named.caller().arn(), kept);
  }

  private static Call call(Caller caller, Operation operation, UUID id) {
    return Call.of(caller, operation, Map.of("requestId", id.toString()));
  }
}
