// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What speaks for each caller. Until users have policies of their own they may look at the names of
 * what they may use: loading a KeyStore is a ListAliases, which shows a user only the keys that it
 * may describe. Thread-safe; a hit takes no lock.
 */
final class CallerIdentities {
  private static final int MAX_CALLERS = 1024;

  private static final Policy OF_USERS =
      Policy.parse(
          PolicyKind.MANAGED,
          "of all users",
          """
          {
            "Version": "2012-10-17",
            "Statement": [
              {"Sid": "LoadKeyStore", "Effect": "Allow", "Action": "kms:ListAliases", "Resource": "*"}
            ]
          }""");

  private final ConcurrentMap<Caller, Identity> known = new ConcurrentHashMap<>();

  Identity of(Caller caller) {
    Identity identity = known.get(caller);
    if (identity != null) {
      return identity;
    }
    if (known.size() >= MAX_CALLERS) {
      known.clear();
    }
    return known.computeIfAbsent(caller, CallerIdentities::make);
  }

  private static Identity make(Caller caller) {
    return switch (caller.kind()) {
      case ROOT -> Identity.of(Principal.root(caller.accountId()), List.of());
      case USER ->
          Identity.of(
              Principal.user(caller.accountId(), caller.userName(), caller.userName(), Map.of()),
              List.of(OF_USERS));
    };
  }
}
