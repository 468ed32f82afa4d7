// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.iam.Identities;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern NAMED = Pattern.compile("arn:aws:iam::(\\d{12}):(?:root|user/(.+))");

  private final Identities identities;
  private final ConcurrentMap<Caller, Identity> known = new ConcurrentHashMap<>();

  CallerIdentities(Identities identities) {
    this.identities = identities;
  }

  /**
   * Returns what would speak for somebody, named by its ARN, if it called now.
   *
   * @throws KmsException.NotFound if there is nobody of that name
   */
  Identity named(String arn) {
    Matcher matcher = NAMED.matcher(arn);
    if (matcher.matches()) {
      String account = matcher.group(1);
      String user = matcher.group(2);
      if (user == null) {
        return Identity.of(Principal.root(account), List.of());
      }
      if (identities.findUser(user).filter(row -> row.account().equals(account)).isPresent()) {
        return ofUser(account, user);
      }
    }
    throw new KmsException.NotFound(
        "There is nobody of the name \""
            + arn
            + "\". Write an ARN as arn:aws:iam::000000000000:user/alice; 'iam list-users' shows who"
            + " there is.");
  }

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
      case USER -> ofUser(caller.accountId(), caller.userName());
    };
  }

  private static Identity ofUser(String account, String name) {
    return Identity.of(Principal.user(account, name, name, Map.of()), List.of(OF_USERS));
  }
}
