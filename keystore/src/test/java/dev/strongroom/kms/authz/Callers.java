// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The people of the tests. */
final class Callers {
  static final String ACCOUNT = "111122223333";
  static final String OTHER_ACCOUNT = "444455556666";

  private Callers() {}

  static Identity root() {
    return Identity.of(Principal.root(ACCOUNT), List.of());
  }

  static Identity alice() {
    return user("alice");
  }

  /** A user without policies of its own. */
  static Identity user(String name) {
    return user(name, new String[0]);
  }

  /** A user with inline policies. */
  static Identity user(String name, String... policies) {
    return Identity.of(
        Principal.user(ACCOUNT, name, "AIDA" + name.toUpperCase(Locale.ROOT), Map.of()),
        inline(policies));
  }

  static Identity session(String role, String... policies) {
    return Identity.of(
        Principal.roleSession(
            ACCOUNT, role, "AROA" + role.toUpperCase(Locale.ROOT), "job", Map.of()),
        inline(policies));
  }

  static Identity rootOfAnotherAccount() {
    return Identity.of(Principal.root(OTHER_ACCOUNT), List.of());
  }

  static Identity aliceOfAnotherAccount(String... policies) {
    return Identity.of(
        Principal.user(OTHER_ACCOUNT, "alice", "AIDAOTHER", Map.of()), inline(policies));
  }

  static List<Policy> inline(String... policies) {
    return Arrays.stream(policies)
        .map(text -> Policy.parse(PolicyKind.USER_INLINE, "tests", text))
        .toList();
  }
}
