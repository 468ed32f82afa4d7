// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;
import java.util.Set;

/**
 * Whom a statement is about.
 *
 * @param everyone whether {@code "*"} is named
 * @param accounts the ids of accounts that are named, by id or by the ARN of their root
 * @param userArns the ARNs of users that are named
 */
record Principals(boolean everyone, Set<String> accounts, Set<String> userArns) {

  Principals {
    accounts = Set.copyOf(accounts);
    userArns = Set.copyOf(userArns);
  }

  /** Returns whether the caller itself is named, as an Allow statement asks. */
  boolean name(Caller caller) {
    return everyone
        || (caller.kind() == Caller.Kind.ROOT
            ? accounts.contains(caller.accountId())
            : userArns.contains(caller.arn()));
  }

  /** Returns whether the caller or its account is named, as a Deny statement asks. */
  boolean include(Caller caller) {
    return name(caller) || accounts.contains(caller.accountId());
  }
}
