// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.authz.request.Principal;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whom a statement is about, or with NotPrincipal whom it is not about.
 *
 * <p>An Allow names a user, a role, a session or, by its account, the root; naming an account also
 * delegates to its identity policies. A Deny of an account means everyone in it. NotPrincipal
 * spares only whom it names by every name: a user by its ARN and its account, a session by its ARN,
 * its role's and its account.
 */
final class Principals {
  private final boolean isNot;
  private final boolean everyone;
  private final Set<String> accounts;
  private final Set<String> names;

  /**
   * @param everyone whether {@code "*"} is named
   * @param accounts the ids of accounts that are named, by id or by the ARN of their root
   * @param names ARNs and unique ids of users, roles and sessions
   */
  Principals(boolean isNot, boolean everyone, Set<String> accounts, Set<String> names) {
    this.isNot = isNot;
    this.everyone = everyone;
    this.accounts = Set.copyOf(accounts);
    this.names = Set.copyOf(names);
  }

  /** Returns everyone. */
  static Principals everyone() {
    return new Principals(false, true, Set.of(), Set.of());
  }

  /** Returns whether an Allow lets the caller itself in. */
  boolean name(Principal caller) {
    if (isNot) {
      return !everyone && !accounts.contains(caller.account()) && !namesIdentity(caller);
    }
    return everyone
        || (caller.isRoot() ? accounts.contains(caller.account()) : namesIdentity(caller));
  }

  private boolean namesIdentity(Principal caller) {
    if (names.isEmpty() || caller.isRoot()) {
      return false;
    }
    String role = caller.roleArn();
    return names.contains(caller.arn())
        || names.contains(caller.uniqueId())
        || (role != null && names.contains(role));
  }

  /** Returns whether an Allow lets identity policies of the caller's account count. */
  boolean delegateTo(Principal caller) {
    return !isNot && accounts.contains(caller.account());
  }

  /** Returns whether a Deny is about the caller. */
  boolean include(Principal caller) {
    return isNot ? !spare(caller) : name(caller) || accounts.contains(caller.account());
  }

  private boolean spare(Principal caller) {
    if (everyone || !accounts.contains(caller.account()) || caller.isRoot()) {
      return everyone || accounts.contains(caller.account());
    }
    String role = caller.roleArn();
    return names.contains(caller.uniqueId())
        || (names.contains(caller.arn()) && (role == null || names.contains(role)));
  }

  /** Returns what is named, sorted; for explanations and to check that it exists. */
  Set<String> named() {
    Set<String> all = new TreeSet<>(names);
    accounts.forEach(account -> all.add("arn:aws:iam::" + account + ":root"));
    if (everyone) {
      all.add("*");
    }
    return all;
  }

  boolean isNot() {
    return isNot;
  }
}
