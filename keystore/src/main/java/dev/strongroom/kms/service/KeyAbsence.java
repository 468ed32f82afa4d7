// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.request.Principal;

/** What callers hear of a key that they may not know, or that there is not. */
final class KeyAbsence {
  private KeyAbsence() {}

  /** Returns the refusal: in the words of a forbidden key, unless the caller may know. */
  static KmsException of(Call call, KeyRef ref, Principal caller) {
    String own = call.caller().accountId();
    if (!accountOf(ref, own).equals(own) || !Authorizer.mayLearnOfAbsence(caller, own)) {
      return new KmsException.AccessDenied(Authorizer.refusal(caller, call.operation()).reason());
    }
    if (call.keyOfCiphertext()) {
      return new KmsException.InvalidCiphertext(); // a changed key id is a changed byte like others
    }
    return new KmsException.NotFound(
        "There is no key \""
            + ref.text()
            + "\" in this account and region. 'kms list-aliases' and 'kms list-keys' show which"
            + " there are; keys are never made on the fly.");
  }

  private static String accountOf(KeyRef ref, String own) {
    if (ref instanceof KeyArn arn) {
      return arn.place().account();
    }
    return ref instanceof AliasArn arn ? arn.place().account() : own;
  }
}
