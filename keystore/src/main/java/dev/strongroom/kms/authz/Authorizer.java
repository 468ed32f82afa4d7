// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import java.util.List;
import java.util.Optional;

/**
 * Answers whether callers may use one KMS key, from its policy alone: a pure function, compiled
 * once per policy.
 *
 * <p>An explicit denial ends it. Otherwise a statement that names the caller allows; one that names
 * the account allows the account's root (and will let identity policies count). Nobody has access
 * except through the policy, not even the root. Callers of other accounts have none: that takes the
 * consent of both accounts.
 */
public final class Authorizer {
  private final String account;
  private final List<Statement> statements;

  private Authorizer(String account, List<Statement> statements) {
    this.account = account;
    this.statements = statements;
  }

  /**
   * Returns the authorizer of a key.
   *
   * @param account the account that owns the key
   */
  public static Authorizer of(KeyPolicy policy, String account) {
    return new Authorizer(account, policy.statements());
  }

  /**
   * Returns whether the caller may use the key for the operation.
   *
   * @throws IllegalArgumentException if the operation is not about a key
   */
  public Decision decide(Caller caller, Operation operation) {
    if (operation.scope() != Operation.Scope.KEY) {
      throw new IllegalArgumentException(operation.apiName() + " is not about a key");
    }
    for (Statement statement : statements) {
      if (statement.denies(caller, operation)) {
        return new Decision.Denied(
            refusal(caller, operation).reason(), Optional.of(statement.label()));
      }
    }
    if (!caller.accountId().equals(account) || !IdentityRule.allowsAlias(caller, operation)) {
      return refusal(caller, operation);
    }
    for (Statement statement : statements) {
      if (statement.allows(caller, operation)) {
        return new Decision.Allowed(statement.label());
      }
    }
    return refusal(caller, operation);
  }

  /**
   * Returns whether the caller may do something that is about no key.
   *
   * @param account the account that it is done in
   * @throws IllegalArgumentException if the operation is about a key
   */
  public static Decision decideForAccount(Caller caller, Operation operation, String account) {
    if (operation.scope() != Operation.Scope.ACCOUNT) {
      throw new IllegalArgumentException(operation.apiName() + " is about a key");
    }
    return caller.accountId().equals(account) && IdentityRule.allowsInAccount(caller, operation)
        ? new Decision.Allowed(IdentityRule.LABEL)
        : new Decision.Denied(
            subject(caller, operation) + " because no identity policy allows the action",
            Optional.empty());
  }

  /**
   * Returns the denial for a key that does not exist. Its reason is that of every denial about a
   * key: a caller cannot tell them apart.
   */
  public static Decision.Denied refusal(Caller caller, Operation operation) {
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
  public static boolean mayLearnOfAbsence(Caller caller, String account) {
    return caller.kind() == Caller.Kind.ROOT && caller.accountId().equals(account);
  }

  private static String subject(Caller caller, Operation operation) {
    return "User: " + caller.arn() + " is not authorized to perform: " + operation.action();
  }
}
