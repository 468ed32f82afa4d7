// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an account's identities may do as far as no key policy has to say so. Until there are
 * identity policies, which take this class's place: the root everything, a user only look at the
 * names of what it may use.
 */
final class IdentityRule {

  /** What decisions name as their reason. */
  static final String LABEL = "identity rule";

  // Alias operations need permission on the alias too, which only identity policies can give.
  private static final Set<Operation> ABOUT_ALIASES =
      EnumSet.of(Operation.CREATE_ALIAS, Operation.UPDATE_ALIAS, Operation.DELETE_ALIAS);

  private IdentityRule() {}

  /** Stands for identity policies in the account of the caller. */
  static boolean allowsInAccount(Caller caller, Operation operation) {
    // Loading a KeyStore is a ListAliases; it shows a user only the keys that it may describe.
    return isRoot(caller) || operation == Operation.LIST_ALIASES;
  }

  /** Stands for identity policies on aliases; true for operations that are not about one. */
  static boolean allowsAlias(Caller caller, Operation operation) {
    return isRoot(caller) || !ABOUT_ALIASES.contains(operation);
  }

  private static boolean isRoot(Caller caller) {
    return caller.kind() == Caller.Kind.ROOT;
  }
}
