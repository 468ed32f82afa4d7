// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.request.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, with everything that speaks for it: the policies of a user and its groups, or of a
 * role; the permissions boundary; the policies of a session.
 *
 * <p>Made when somebody authenticates, and made anew when any of these changes: decisions are
 * cached by identity, so a changed one starts with none. Compared by identity.
 */
public final class Identity {
  private final Principal principal;
  private final List<Policy> policies;
  private final @Nullable Policy boundary;
  private final List<Policy> sessionPolicies;

  private Identity(
      Principal principal,
      List<Policy> policies,
      @Nullable Policy boundary,
      List<Policy> sessionPolicies) {
    this.principal = principal;
    this.policies = List.copyOf(policies);
    this.boundary = boundary;
    this.sessionPolicies = List.copyOf(sessionPolicies);
  }

  /**
   * Returns an identity without boundary or session policies.
   *
   * @param policies managed and inline, of the groups too; the root needs none
   */
  public static Identity of(Principal principal, List<Policy> policies) {
    return new Identity(principal, policies, null, List.of());
  }

  /** Returns this identity within a permissions boundary, which alone allows nothing. */
  public Identity boundedBy(Policy boundary) {
    return new Identity(principal, policies, boundary, sessionPolicies);
  }

  /** Returns this identity in a session that only does what one of these policies allows too. */
  public Identity inSession(List<Policy> sessionPolicies) {
    return new Identity(principal, policies, boundary, sessionPolicies);
  }

  public Principal principal() {
    return principal;
  }

  /** Returns the policies that allow things. */
  public List<Policy> policies() {
    return policies;
  }

  /** Returns the permissions boundary; null where there is none. */
  public @Nullable Policy boundary() {
    return boundary;
  }

  /** Returns the policies of the session; empty where it is not narrowed. */
  public List<Policy> sessionPolicies() {
    return sessionPolicies;
  }

  @Override
  public String toString() {
    return principal.arn();
  }
}
