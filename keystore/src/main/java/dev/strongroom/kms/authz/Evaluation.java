// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.Statement;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The questions of one decision, each answered from one kind of policy. Not thread-safe. */
final class Evaluation {
  private final Identity caller;
  private final Principal principal;
  private final Operation operation;
  private final AccessRequest request;
  private final FactReader facts;

  Evaluation(Identity caller, FactReader facts) {
    this.caller = caller;
    this.principal = caller.principal();
    this.facts = facts;
    this.request = facts.request();
    this.operation = request.operation();
  }

  /** Returns the first Deny of a key's or a role's own policy that is about the request. */
  @Nullable Statement denialBy(Policy policy, String resource) {
    for (Statement statement : policy.denials(operation)) {
      if (statement.includes(principal)
          && statement.isAbout(resource, facts)
          && statement.conditionsHold(facts)) {
        return statement;
      }
    }
    return null;
  }

  /** Returns the first Deny of any policy that the caller has. */
  @Nullable Statement denialByIdentity(String resource) {
    Policy boundary = caller.boundary();
    Statement denial = boundary == null ? null : denialBy(boundary, resource);
    denial = denial == null ? denialByOne(caller.policies(), resource) : denial;
    return denial == null ? denialByOne(caller.sessionPolicies(), resource) : denial;
  }

  private @Nullable Statement denialByOne(List<Policy> policies, String resource) {
    for (int i = 0; i < policies.size(); i++) {
      Statement denial = denialBy(policies.get(i), resource);
      if (denial != null) {
        return denial;
      }
    }
    return null;
  }

  /** Returns whether a statement of a key's or a role's own policy is about the request. */
  boolean applies(Statement statement, String resource) {
    return statement.isAbout(resource, facts) && statement.conditionsHold(facts);
  }

  /** Returns what lets the caller do it as far as its own account is concerned. */
  @Nullable Basis identityBasis(String resource) {
    if (principal.isRoot()) {
      return Basis.root();
    }
    Statement statement = permissionByOne(caller.policies(), resource);
    return statement == null ? null : Basis.of(statement);
  }

  private @Nullable Statement permissionByOne(List<Policy> policies, String resource) {
    for (int i = 0; i < policies.size(); i++) {
      Statement permission = permissionBy(policies.get(i), resource);
      if (permission != null) {
        return permission;
      }
    }
    return null;
  }

  private @Nullable Statement permissionBy(Policy policy, String resource) {
    for (Statement statement : policy.permissions(operation)) {
      if (applies(statement, resource)) {
        return statement;
      }
    }
    return null;
  }

  /** Returns whether neither the boundary nor the session keeps the caller from it. */
  boolean isWithinLimits(String resource) {
    Policy boundary = caller.boundary();
    return (boundary == null || permissionBy(boundary, resource) != null)
        && (caller.sessionPolicies().isEmpty()
            || permissionByOne(caller.sessionPolicies(), resource) != null);
  }

  /** Returns a grant that lets the caller do it. */
  @Nullable Basis grantBasis(GrantSet grants, String resource) {
    Grant own = grantOf(grants, principal.arn());
    String role = principal.roleArn();
    if (own == null && role != null) {
      own = grantOf(grants, role);
    }
    if (own != null || principal.isRoot()) {
      return own == null ? null : Basis.of(own);
    }
    // A grant to an account is like a delegation: the account's policies say who uses it.
    Grant delegated = grantOf(grants, principal.rootArn());
    return delegated != null && identityBasis(resource) != null ? Basis.of(delegated) : null;
  }

  private @Nullable Grant grantOf(GrantSet grants, String grantee) {
    if (grants.asksForContext(grantee, operation)) {
      facts.noteContext();
    }
    return grants.find(grantee, operation, request.context(), this::isUsable);
  }

  private boolean isUsable(Grant grant) {
    KeyFacts key = request.key();
    if (key == null || !grant.keyId().equals(key.id())) {
      return false;
    }
    if (grant.expiry().isPresent() && !grant.isCurrentAt(facts.time())) {
      return false;
    }
    if (operation == Operation.CREATE_GRANT) {
      facts.noteOther();
      Grant proposed = request.details().grant();
      if (proposed == null || !grant.covers(proposed)) {
        return false;
      }
    }
    return !request.details().exhausted().contains(grant.id());
  }

  /**
   * Returns what lets the caller retire the grant: the grant itself, or the account that issued it
   * or owns the key.
   *
   * @param account the account that owns the key
   */
  @Nullable Basis retirementBasis(String account, String resource) {
    facts.noteOther();
    Grant grant = request.details().grant();
    if (grant == null) {
      return null;
    }
    String retiring = grant.retiring().orElse(null);
    boolean mayGrantee = grant.operations().contains(Operation.RETIRE_GRANT);
    if ((retiring != null && isNamed(retiring)) || (mayGrantee && isNamed(grant.grantee()))) {
      return Basis.of(grant);
    }
    String own = principal.account();
    boolean concernsAccount =
        own.equals(grant.issuingAccount())
            || own.equals(account)
            || principal.rootArn().equals(retiring)
            || (mayGrantee && principal.rootArn().equals(grant.grantee()));
    return concernsAccount ? identityBasis(resource) : null;
  }

  private boolean isNamed(String arn) {
    return arn.equals(principal.arn()) || arn.equals(principal.roleArn());
  }
}
