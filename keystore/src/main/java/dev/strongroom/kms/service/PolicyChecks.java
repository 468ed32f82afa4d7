// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.request.KeyFacts;

/** What a key policy must pass before it is put; a simulation shows the same. */
final class PolicyChecks {
  private final Gate gate;

  PolicyChecks(Gate gate) {
    this.gate = gate;
  }

  /**
   * Makes sure that somebody can still change the policy.
   *
   * @throws KmsException.MalformedPolicyDocument if it is neither the caller nor the account
   */
  void requireNoLockout(Caller caller, KeyFacts key, KeyPolicy policy) {
    if (gate.locksOut(caller, key, policy)) {
      throw new KmsException.MalformedPolicyDocument(
          "The new key policy will not allow you to update the key policy in the future. Add a"
              + " statement that allows kms:PutKeyPolicy to "
              + caller.arn()
              + " or to the account.");
    }
  }
}
