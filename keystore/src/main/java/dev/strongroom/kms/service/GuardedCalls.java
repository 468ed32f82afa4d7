// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.authz.grant.Grant;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls with parameters, as approvers see them, for {@link Kms#requestApproval}. {@link
 * ApprovalProposal} has the others.
 */
public final class GuardedCalls {
  /** Approvers see what a grant gives, and not which account will make it. */
  private static final String ANY_ACCOUNT = "000000000000";

  private GuardedCalls() {}

  /**
   * To make that grant.
   *
   * @throws dev.strongroom.kms.KmsException.Validation if nobody could make it
   */
  public static ApprovalProposal createGrant(CreateGrantRequest request) {
    // Whether it expires too early is for the call itself to say.
    Grant drafted = GrantDraft.of(request, "none yet", ANY_ACCOUNT, Instant.EPOCH);
    Map<String, String> parameters = new TreeMap<>(GrantDraft.parameters(drafted));
    parameters.remove(GrantDraft.GRANT_ID);
    return ApprovalProposal.of(Operation.CREATE_GRANT.apiName(), parameters);
  }

  /**
   * To put those tags on a key.
   *
   * @throws dev.strongroom.kms.KmsException.Tag if one of them is not one
   */
  public static ApprovalProposal tagResource(Map<String, String> tags) {
    return ApprovalProposal.of(
        Operation.TAG_RESOURCE.apiName(), RequestTags.parameters(RequestTags.valid(tags)));
  }

  /**
   * To take tags off a key.
   *
   * @param tagKeys the keys of the tags
   * @throws dev.strongroom.kms.KmsException.Tag if one of them is not one
   */
  public static ApprovalProposal untagResource(Collection<String> tagKeys) {
    return ApprovalProposal.of(
        Operation.UNTAG_RESOURCE.apiName(),
        RequestTags.keyParameters(RequestTags.validKeys(tagKeys)));
  }
}
