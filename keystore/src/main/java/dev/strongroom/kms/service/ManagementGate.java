// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.iam.Accounts;
import java.util.function.Supplier;

/** The gate for what concerns all accounts: lets callers of the management account through. */
final class ManagementGate {
  private final Gate gate;
  private final Accounts accounts;

  ManagementGate(Gate gate, Accounts accounts) {
    this.gate = gate;
    this.accounts = accounts;
  }

  /**
   * Lets a call through that is about no key, if its policies allow it, and does the work.
   *
   * @param because why others may not
   * @throws KmsException.AccessDenied if the caller is of another account, whatever policies say
   */
  <T> T run(Call call, String because, Supplier<T> work) {
    require(call, because);
    return gate.run(call, work);
  }

  /**
   * Refuses a caller of another account; whether policies allow the call is not looked at.
   *
   * @param because why others may not
   * @throws KmsException.AccessDenied if the caller is of another account
   */
  void require(Call call, String because) {
    gate.requireLive(call);
    if (!accounts.isManagement(call.caller().accountId())) {
      throw gate.refuse(call, call.notAuthorized() + " because " + because);
    }
  }
}
