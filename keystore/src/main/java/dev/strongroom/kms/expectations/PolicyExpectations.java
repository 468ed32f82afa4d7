// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A key policy that is held to what it should allow and refuse, in a test of any framework:
 *
 * <pre>
 * PolicyExpectations policy = PolicyExpectations.of(json);
 * policy.expect(alice).with(Map.of("tenant", "a")).allowed(DECRYPT).on(key).because("Users");
 * policy.expect(alice).denied(PUT_KEY_POLICY).on(key);
 * </pre>
 *
 * An expectation that does not hold is an {@link AssertionError}, whose message explains the
 * decision clause by clause. The engine is that of the KMS. Immutable.
 */
public final class PolicyExpectations {
  private final KeyPolicy policy;
  private final List<PolicyGrant> grants;

  private PolicyExpectations(KeyPolicy policy, List<PolicyGrant> grants) {
    this.policy = policy;
    this.grants = List.copyOf(grants);
  }

  /**
   * Returns expectations of a key policy.
   *
   * @param json the document, as {@code kms put-key-policy} takes it
   * @throws dev.strongroom.kms.KmsException.MalformedPolicyDocument if it would be refused; with
   *     line and column
   * @throws dev.strongroom.kms.KmsException.LimitExceeded if it is too long
   */
  public static PolicyExpectations of(String json) {
    return new PolicyExpectations(KeyPolicy.parse(json), List.of());
  }

  /** Returns these with a grant more that the key has. */
  public PolicyExpectations with(PolicyGrant grant) {
    List<PolicyGrant> more = new ArrayList<>(grants);
    more.add(grant);
    return new PolicyExpectations(policy, more);
  }

  /** Begins an expectation of what that caller may do. */
  public Expectation expect(PolicyCaller caller) {
    return new Expectation(this, caller);
  }

  Authorizer authorizer(PolicyKey key) {
    List<Grant> all = new ArrayList<>();
    for (PolicyGrant grant : grants) {
      all.add(grant.on(key.arn(), all.size() + 1));
    }
    return Authorizer.ofKey(policy, key.arn().place().account(), GrantSet.of(all));
  }
}
