// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A key whose own rule demands approvals. */
abstract class KeyApprovalScene extends ApproverScene {
  final Caller carol;
  final KeyPair keyOfCarol;

  /** Demands approvals by two of alice, bob and carol, whose key is elsewhere. */
  final ApprovalRule rule;

  KeyApprovalScene(Path home) throws GeneralSecurityException {
    super(home);
    carol = fixture.user("carol");
    keyOfCarol = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    rule =
        kms.approvalRule(
            root,
            2,
            List.of(
                ApproverKey.of(alice.arn(), signingKey(alice)),
                ApproverKey.of(bob.arn(), signingKey(bob)),
                elsewhere(carol, keyOfCarol)),
            Set.of("PutKeyPolicy", "DisableKey"));
    kms.putApprovalRule(root, key, rule);
  }

  ApprovalRequest ask(ApprovalProposal proposal) {
    return kms.requestApproval(root, key, proposal, HOUR);
  }

  void approveAsCarol(UUID id) throws GeneralSecurityException {
    approve(carol, keyOfCarol, id);
  }
}
