// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.crypto.SignatureKeys;
import dev.strongroom.kms.storage.KeyStorage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules that demand approvals, of keys and of accounts. */
final class ApprovalAdministration {
  private final Gate gate;
  private final ApprovalGate guarded;
  private final KeyAdministration keys;
  private final KeyStorage storage;
  private final ApprovalDesk desk;

  ApprovalAdministration(
      Gate gate,
      ApprovalGate guarded,
      KeyAdministration keys,
      KeyStorage storage,
      ApprovalDesk desk) {
    this.gate = gate;
    this.guarded = guarded;
    this.keys = keys;
    this.storage = storage;
    this.desk = desk;
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
        Call.of(caller.inEarnest(), Operation.GET_PUBLIC_KEY),
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
   * What it is about must be there.
   */
  void requireOurs(Caller caller, ApprovalRule rule) {
    if (!ApprovalRule.GUARDED.containsAll(rule.operations())) {
      throw new KmsException.Validation(
          "A rule is about one or more of " + ApprovalRule.GUARDED + ".");
    }
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

  void putOfAccount(Caller caller, ApprovalRule rule) {
    requireOurs(caller, rule);
    ApprovalProposal proposal = ApprovalProposal.putAccountApprovalRule(rule);
    changeOfAccount(
        Call.of(caller, Operation.PUT_ACCOUNT_APPROVAL_RULE, proposal.parameters()),
        Optional.of(rule.toJson()));
  }

  void deleteOfAccount(Caller caller) {
    changeOfAccount(Call.of(caller, Operation.DELETE_ACCOUNT_APPROVAL_RULE), Optional.empty());
  }

  private void changeOfAccount(Call call, Optional<String> wanted) {
    gate.requireLive(call);
    String account = call.caller().accountId();
    Optional<String> known = storage.approvals().accountRule(account);
    guarded.runAccountChange(
        call,
        known,
        approved -> {
          storage.approvals().saveAccountRule(account, known, wanted, approved.map(desk::use));
          return true;
        });
  }

  Optional<ApprovalRule> getOfAccount(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.GET_ACCOUNT_APPROVAL_RULE), () -> desk.rule(caller.accountId()));
  }
}
