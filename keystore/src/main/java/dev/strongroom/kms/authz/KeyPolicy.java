// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Who may use a KMS key: a document in AWS's policy language. At most {@value #MAX_BYTES} bytes of
 * UTF-8, of the characters that AWS takes: tab, line ends and U+0020 to U+00FF.
 */
public final class KeyPolicy {

  /** The most bytes of UTF-8 that a policy may have. */
  public static final int MAX_BYTES = 32_768;

  private final Policy policy;

  private KeyPolicy(Policy policy) {
    this.policy = policy;
  }

  /**
   * Reads a policy that somebody wants to put.
   *
   * @throws KmsException.MalformedPolicyDocument if it is not one; with line, column and what is
   *     allowed there
   * @throws KmsException.LimitExceeded if it is too long
   */
  public static KeyPolicy parse(String text) {
    return new KeyPolicy(Policy.parse(PolicyKind.KEY, "", text));
  }

  /** Reads the policy that a key has; what is not understood any more denies. Never fails. */
  public static KeyPolicy stored(String text) {
    return new KeyPolicy(Policy.stored(PolicyKind.KEY, "", text));
  }

  /**
   * Returns AWS's default: the account itself may do everything, and its identity policies count.
   *
   * @param account 12 digits
   */
  public static KeyPolicy defaultFor(String account) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Sid", "Enable IAM User Permissions");
    statement.put("Effect", "Allow");
    statement.put("Principal", Map.of("AWS", "arn:aws:iam::" + account + ":root"));
    statement.put("Action", "kms:*");
    statement.put("Resource", "*");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Version", "2012-10-17");
    document.put("Id", "key-default-1");
    document.put("Statement", new ArrayList<>(List.of(statement)));
    return parse(Json.writePretty(document));
  }

  /**
   * Returns whether this policy would leave neither the caller nor the root of the key's account
   * able to put another: the safety check of CreateKey and PutKeyPolicy, which
   * BypassPolicyLockoutSafetyCheck skips.
   *
   * @param request the caller's request to put a policy on the key, in the end the same one again
   */
  public boolean locksOut(Identity caller, AccessRequest request) {
    KeyFacts key = Objects.requireNonNull(request.key(), "the request is about a key");
    Authorizer authorizer = Authorizer.ofKey(this, key.account(), GrantSet.EMPTY);
    Identity root = Identity.of(Principal.root(key.account()), List.of());
    return !authorizer.decide(caller, request).isAllowed()
        && !authorizer.decide(root, request.by(root.principal())).isAllowed();
  }

  /** Returns the document as it was given. */
  public String text() {
    return policy.text();
  }

  /** Returns the principals that it names: whoever puts it checks that they exist. */
  public Set<String> principals() {
    return policy.principals();
  }

  Policy compiled() {
    return policy;
  }

  /** Policies are equal when their texts are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KeyPolicy that && policy.equals(that.policy);
  }

  @Override
  public int hashCode() {
    return policy.hashCode();
  }

  @Override
  public String toString() {
    return policy.toString();
  }
}
