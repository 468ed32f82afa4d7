// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.Statement;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether callers may use one KMS key, or assume one role: a pure function of its policy,
 * its grants, the caller's policies and the request.
 *
 * <p>An explicit denial in any policy ends it. Otherwise the key policy lets the caller in by name,
 * or delegates to the caller's account and an identity policy lets it in, or a grant does; and the
 * permissions boundary and the session let it, too. Nobody has access except through the key's
 * policy or grants, not even the root. Callers of other accounts need an identity policy of theirs
 * besides the key policy, or a grant, and can do only what AWS lets other accounts do.
 */
public final class Authorizer {
  private static final List<String> FOR_OTHER_ACCOUNTS =
      List.of(
          "AssumeRole",
          "CreateGrant",
          "DescribeKey",
          "GetKeyRotationStatus",
          "GetPublicKey",
          "ListGrants",
          "RetireGrant",
          "RevokeGrant",
          "Encrypt",
          "Decrypt",
          "ReEncryptFrom",
          "ReEncryptTo",
          "GenerateDataKey",
          "GenerateDataKeyWithoutPlaintext",
          "GenerateDataKeyPair",
          "GenerateDataKeyPairWithoutPlaintext",
          "Sign",
          "Verify",
          "GenerateMac",
          "VerifyMac",
          "DeriveSharedSecret",
          "Encapsulate",
          "Decapsulate");

  private static final Set<Operation> CROSS_ACCOUNT = EnumSet.noneOf(Operation.class);
  private static final Set<Operation> ABOUT_ALIASES =
      EnumSet.of(Operation.CREATE_ALIAS, Operation.UPDATE_ALIAS, Operation.DELETE_ALIAS);

  static {
    for (Operation operation : Operation.values()) {
      if (FOR_OTHER_ACCOUNTS.contains(operation.apiName())) {
        CROSS_ACCOUNT.add(operation);
      }
    }
  }

  private final String account;
  private final Policy policy;
  private final GrantSet grants;

  private Authorizer(String account, Policy policy, GrantSet grants) {
    this.account = account;
    this.policy = policy;
    this.grants = grants;
  }

  /**
   * Returns the authorizer of a key.
   *
   * @param account the account that owns the key
   */
  public static Authorizer ofKey(KeyPolicy policy, String account, GrantSet grants) {
    return new Authorizer(account, policy.compiled(), grants);
  }

  /**
   * Returns the authorizer of a role, for {@link Operation#ASSUME_ROLE}.
   *
   * @param account the account that has the role
   * @param trust a policy of kind TRUST
   */
  public static Authorizer ofRole(Policy trust, String account) {
    return new Authorizer(account, trust, GrantSet.EMPTY);
  }

  public GrantSet grants() {
    return grants;
  }

  Policy policy() {
    return policy;
  }

  /** Returns the account that owns the key or the role. */
  public String account() {
    return account;
  }

  /**
   * Returns whether the caller may do what the request asks.
   *
   * @throws IllegalArgumentException if the request is about neither a key nor a role
   */
  public Decision decide(Identity caller, AccessRequest request) {
    return decide(caller, new FactReader(request));
  }

  Decision decide(Identity caller, FactReader facts) {
    AccessRequest request = facts.request();
    requireAboutThis(request.operation());
    Evaluation evaluation = new Evaluation(caller, facts);
    Statement denial = denial(evaluation, request, facts);
    if (denial != null) {
      return denied(caller, request, Optional.of(Basis.of(denial)));
    }
    Basis basis = basis(caller, evaluation, request);
    return basis != null
            && mayUseAlias(evaluation, request, facts)
            && evaluation.isWithinLimits(request.resource())
        ? new Decision.Allowed(basis)
        : denied(caller, request, Optional.empty());
  }

  /**
   * Returns the decision with every clause that was not met and the least change that would allow
   * the request: on the same compiled policies, but slowly.
   *
   * @throws IllegalArgumentException if the request is about neither a key nor a role
   */
  public Explanation explain(Identity caller, AccessRequest request) {
    return new Explainer(this, caller, request).explain();
  }

  private static void requireAboutThis(Operation operation) {
    if (operation.scope() != Operation.Scope.KEY && operation != Operation.ASSUME_ROLE) {
      throw new IllegalArgumentException(operation.apiName() + " is not about a key");
    }
  }

  private @Nullable Statement denial(
      Evaluation evaluation, AccessRequest request, FactReader facts) {
    // AWS: kms:RetireGrant has no effect in a key policy; the grant and identities decide.
    Statement denial =
        request.operation() == Operation.RETIRE_GRANT
            ? null
            : evaluation.denialBy(policy, request.resource());
    if (denial == null) {
      denial = evaluation.denialByIdentity(request.resource());
    }
    String alias = aliasOf(request, facts);
    return denial == null && alias != null ? evaluation.denialByIdentity(alias) : denial;
  }

  /** Returns whether the caller's account can be allowed the operation at all. */
  boolean isOpenTo(Principal principal, Operation operation) {
    return principal.account().equals(account) || CROSS_ACCOUNT.contains(operation);
  }

  /** Returns what lets the caller in, denials and limits left aside. */
  @Nullable Basis basis(Identity caller, Evaluation evaluation, AccessRequest request) {
    Operation operation = request.operation();
    String resource = request.resource();
    Principal principal = caller.principal();
    boolean isOwn = principal.account().equals(account);
    if (!isOpenTo(principal, operation)) {
      return null;
    }
    if (operation == Operation.RETIRE_GRANT) {
      return evaluation.retirementBasis(account, resource);
    }

    Statement opening = opening(evaluation, request, principal);
    if (opening != null && isOwn && opening.names(principal)) {
      return Basis.of(opening);
    }
    Basis identity = opening == null ? null : evaluation.identityBasis(resource);
    if (opening == null || identity == null) {
      return evaluation.grantBasis(grants, resource);
    }
    // What another account lets its callers do is not for the trail of this one.
    return isOwn ? Basis.both(opening, identity) : Basis.of(opening);
  }

  /** Returns the Allow that lets the caller in, or else one that leaves it to its account. */
  private @Nullable Statement opening(
      Evaluation evaluation, AccessRequest request, Principal principal) {
    Statement delegation = null;
    for (Statement statement : policy.permissions(request.operation())) {
      boolean names = statement.names(principal);
      if ((names || (delegation == null && statement.delegatesTo(principal)))
          && evaluation.applies(statement, request.resource())) {
        if (names) {
          return statement;
        }
        delegation = statement;
      }
    }
    return delegation;
  }

  private boolean mayUseAlias(Evaluation evaluation, AccessRequest request, FactReader facts) {
    if (!ABOUT_ALIASES.contains(request.operation())) {
      return true;
    }
    String alias = aliasOf(request, facts);
    if (alias == null) {
      return request.principal().isRoot();
    }
    return evaluation.identityBasis(alias) != null && evaluation.isWithinLimits(alias);
  }

  private static @Nullable String aliasOf(AccessRequest request, FactReader facts) {
    if (!ABOUT_ALIASES.contains(request.operation())) {
      return null;
    }
    facts.noteOther();
    return request.details().aliasArn();
  }

  /**
   * Returns whether the caller's own policies leave it what something else than policies lets it
   * do: none of them denies it, and the boundary and the session allow it. No policy needs to.
   */
  public static boolean isWithinLimits(Identity caller, AccessRequest request) {
    Evaluation evaluation = new Evaluation(caller, new FactReader(request));
    String resource = request.resource();
    return evaluation.denialByIdentity(resource) == null && evaluation.isWithinLimits(resource);
  }

  /**
   * Returns whether the caller may do something that is about no key.
   *
   * @param account the account that it is done in
   * @throws IllegalArgumentException if the operation is about a key
   */
  public static Decision decideInAccount(Identity caller, AccessRequest request, String account) {
    if (request.key() != null || !isOfAccount(request.operation())) {
      throw new IllegalArgumentException(request.operation().apiName() + " is about a key");
    }
    Evaluation evaluation = new Evaluation(caller, new FactReader(request));
    String resource = request.resource();
    Statement denial = evaluation.denialByIdentity(resource);
    if (denial != null) {
      return new Decision.Denied(accountReason(caller, request), Optional.of(Basis.of(denial)));
    }
    Basis basis =
        caller.principal().account().equals(account) && evaluation.isWithinLimits(resource)
            ? evaluation.identityBasis(resource)
            : null;
    return basis == null
        ? new Decision.Denied(accountReason(caller, request), Optional.empty())
        : new Decision.Allowed(basis);
  }

  /**
   * Returns the decision about something that is about no key, with its reasons.
   *
   * @throws IllegalArgumentException if the operation is about a key
   */
  public static Explanation explainInAccount(
      Identity caller, AccessRequest request, String account) {
    Decision decision = decideInAccount(caller, request, account);
    return new AccountExplainer(caller, request, account).explain(decision);
  }

  /**
   * A key that is being made has no policy yet: identities decide whether it can have tags and a
   * name, rotate, and begin disabled. A request for approvals can be about the rule of an account.
   */
  private static boolean isOfAccount(Operation operation) {
    return operation.scope() == Operation.Scope.ACCOUNT
        || operation == Operation.TAG_RESOURCE
        || operation == Operation.ENABLE_KEY_ROTATION
        || operation == Operation.DISABLE_KEY
        || operation == Operation.CREATE_ALIAS
        || operation == Operation.DESCRIBE_APPROVAL_REQUEST;
  }

  private static String accountReason(Identity caller, AccessRequest request) {
    return subject(caller.principal(), request.operation())
        + " because no identity policy allows the action";
  }

  private static Decision denied(Identity caller, AccessRequest request, Optional<Basis> by) {
    return new Decision.Denied(refusal(caller.principal(), request.operation()).reason(), by);
  }

  /**
   * Returns the denial for a key that does not exist. Its reason is that of every denial about a
   * key: a caller cannot tell them apart.
   */
  public static Decision.Denied refusal(Principal caller, Operation operation) {
    return new Decision.Denied(
        subject(caller, operation)
            + " on this resource because the resource does not exist or no key policy allows the"
            + " action",
        Optional.empty());
  }

  /**
   * Returns whether the caller may be told that a key does not exist: only those may who would be
   * allowed to use any key of the account.
   */
  public static boolean mayLearnOfAbsence(Principal caller, String account) {
    return caller.isRoot() && caller.account().equals(account);
  }

  private static String subject(Principal caller, Operation operation) {
    return "User: " + caller.arn() + " is not authorized to perform: " + operation.action();
  }
}
