// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who would call, with the policies that it has in its own account. Immutable. */
public final class PolicyCaller {

  /** Makes the principal once its tags are known. */
  private interface Kind {
    Principal principal(Map<String, String> tags);
  }

  private final Kind kind;
  private final Map<String, String> tags;
  private final List<Policy> policies;
  private final List<Policy> sessionPolicies;
  private final @Nullable Policy boundary;

  private PolicyCaller(
      Kind kind,
      Map<String, String> tags,
      List<Policy> policies,
      List<Policy> sessionPolicies,
      @Nullable Policy boundary) {
    this.kind = kind;
    this.tags = tags;
    this.policies = policies;
    this.sessionPolicies = sessionPolicies;
    this.boundary = boundary;
  }

  private static PolicyCaller of(Kind kind) {
    return new PolicyCaller(kind, Map.of(), List.of(), List.of(), null);
  }

  /**
   * Returns the root of an account.
   *
   * @param account 12 digits
   */
  public static PolicyCaller root(String account) {
    return of(tags -> Principal.root(account));
  }

  /**
   * Returns a user without policies of its own.
   *
   * @param account 12 digits
   * @param name with its path, as in its ARN: {@code alice} or {@code division/alice}
   */
  public static PolicyCaller user(String account, String name) {
    return of(tags -> Principal.user(account, name, "AIDA" + account + name, tags));
  }

  /**
   * Returns the session of a role without policies of its own.
   *
   * @param account 12 digits
   * @param role with its path
   */
  public static PolicyCaller role(String account, String role, String session) {
    return of(tags -> Principal.roleSession(account, role, "AROA" + account + role, session, tags));
  }

  /** Returns this caller with a tag, which {@code aws:PrincipalTag/…} asks about. */
  public PolicyCaller tagged(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(name, value);
    return new PolicyCaller(kind, more, policies, sessionPolicies, boundary);
  }

  /**
   * Returns this caller with an identity policy more.
   *
   * @throws dev.strongroom.kms.KmsException.MalformedPolicyDocument if it is none
   */
  public PolicyCaller withPolicy(String json) {
    List<Policy> more = new ArrayList<>(policies);
    more.add(Policy.parse(PolicyKind.MANAGED, String.valueOf(more.size() + 1), json));
    return new PolicyCaller(kind, tags, more, sessionPolicies, boundary);
  }

  /**
   * Returns this caller within a permissions boundary.
   *
   * @throws dev.strongroom.kms.KmsException.MalformedPolicyDocument if it is none
   */
  public PolicyCaller boundedBy(String json) {
    Policy limit = Policy.parse(PolicyKind.MANAGED, "that is the boundary", json);
    return new PolicyCaller(kind, tags, policies, sessionPolicies, limit);
  }

  /**
   * Returns this caller in a session with a policy more, which narrows it.
   *
   * @throws dev.strongroom.kms.KmsException.MalformedPolicyDocument if it is none
   */
  public PolicyCaller inSession(String json) {
    List<Policy> more = new ArrayList<>(sessionPolicies);
    more.add(Policy.parse(PolicyKind.SESSION, "", json));
    return new PolicyCaller(kind, tags, policies, more, boundary);
  }

  Identity identity() {
    Identity identity = Identity.of(kind.principal(tags), policies).inSession(sessionPolicies);
    return boundary == null ? identity : identity.boundedBy(boundary);
  }

  @Override
  public String toString() {
    return kind.principal(tags).arn();
  }
}
