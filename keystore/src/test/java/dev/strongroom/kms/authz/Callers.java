// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;

/** The people of the tests. */
final class Callers {
  static final String ACCOUNT = "111122223333";
  static final String OTHER_ACCOUNT = "444455556666";

  private static final Object ISSUER = new Object();

  private Callers() {}

  static Caller root() {
    return Caller.root(ISSUER, ACCOUNT, "AKIAROOT");
  }

  static Caller alice() {
    return user("alice");
  }

  static Caller user(String name) {
    return Caller.user(ISSUER, ACCOUNT, name, "AKIA" + name);
  }

  static Caller rootOfAnotherAccount() {
    return Caller.root(ISSUER, OTHER_ACCOUNT, "AKIAOTHER");
  }

  static Caller aliceOfAnotherAccount() {
    return Caller.user(ISSUER, OTHER_ACCOUNT, "alice", "AKIAOTHERALICE");
  }
}
