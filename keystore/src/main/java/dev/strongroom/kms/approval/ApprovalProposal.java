// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody wants to do with a key, or with the rule of the account, and needs approvals for.
 *
 * @param operation AWS's name, as {@code PutKeyPolicy}
 * @param parameters all parameters of the request as the audit trail has them; long ones by their
 *     hash
 * @param document what such a hash is of, for approvers to read: the policy, the rule; or empty
 */
public record ApprovalProposal(String operation, Map<String, String> parameters, String document) {

  /** What PutKeyPolicy records instead of the policy. */
  public static final String POLICY_HASH = "policySha256";

  /** What PutApprovalRule records instead of the rule. */
  public static final String RULE_HASH = "ruleSha256";

  public ApprovalProposal {
    parameters = Map.copyOf(parameters);
  }

  /** To replace the key's policy by exactly that text. */
  public static ApprovalProposal putKeyPolicy(String policy) {
    return new ApprovalProposal("PutKeyPolicy", Map.of(POLICY_HASH, sha256(policy)), policy);
  }

  public static ApprovalProposal disableKey() {
    return of("DisableKey", Map.of());
  }

  /**
   * To have the key destroyed after a window, without the demand of a quiet period.
   *
   * @param days 7 to 30
   */
  public static ApprovalProposal scheduleKeyDeletion(int days) {
    return of("ScheduleKeyDeletion", Map.of("pendingWindowInDays", String.valueOf(days)));
  }

  /** To put a rule in the place of the one that the key has. */
  public static ApprovalProposal putApprovalRule(ApprovalRule rule) {
    return rule("PutApprovalRule", rule);
  }

  /** To remove the rule that the key has. */
  public static ApprovalProposal deleteApprovalRule() {
    return of("DeleteApprovalRule", Map.of());
  }

  /** To put a rule in the place of the one that the account has. */
  public static ApprovalProposal putAccountApprovalRule(ApprovalRule rule) {
    return rule("PutAccountApprovalRule", rule);
  }

  /** To remove the rule that the account has. */
  public static ApprovalProposal deleteAccountApprovalRule() {
    return of("DeleteAccountApprovalRule", Map.of());
  }

  private static ApprovalProposal rule(String operation, ApprovalRule rule) {
    String json = rule.toJson();
    return new ApprovalProposal(operation, Map.of(RULE_HASH, sha256(json)), json);
  }

  /** To do something whose parameters are short. */
  public static ApprovalProposal of(String operation, Map<String, String> parameters) {
    return new ApprovalProposal(operation, parameters, "");
  }

  /** Returns what {@code sha256sum} prints of a text in UTF-8: 64 hexadecimal digits. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Returns whether the document is what the parameters are a hash of, so that approvers who read
   * it know what they approve. Whoever makes a proposal by hand can show them anything.
   */
  public boolean isWhatItShows() {
    return switch (operation) {
      case "PutKeyPolicy" -> equals(putKeyPolicy(document));
      case "PutApprovalRule", "PutAccountApprovalRule" -> isRuleThatItShows();
      default -> document.isEmpty();
    };
  }

  private boolean isRuleThatItShows() {
    try {
      return equals(rule(operation, ApprovalRule.parse(document)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns a hash of all parameters, 64 hexadecimal digits. */
  public String parametersHash() {
    CanonicalEncoding encoding = new CanonicalEncoding().add("strongroom/1/approval/parameters");
    new TreeMap<>(parameters).forEach((name, value) -> encoding.add(name).add(value));
    return HexFormat.of().formatHex(encoding.sha256());
  }
}
