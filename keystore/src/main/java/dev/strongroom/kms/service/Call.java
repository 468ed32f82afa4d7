// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.request.ConditionKey;
import java.util.Map;

/**
 * A call on its way through the gate: who, what, and what the trail shows of the request.
 *
 * @param parameters request parameters by CloudTrail's names, without secrets and ciphertexts
 * @param keyOfCiphertext whether the ciphertext names the key, and not the caller
 * @param conditions what policies can ask about the request besides context and parameters
 */
record Call(
    Caller caller,
    Operation operation,
    EncryptionContext context,
    Map<String, String> parameters,
    boolean keyOfCiphertext,
    Map<ConditionKey, String> conditions) {

  Call(
      Caller caller,
      Operation operation,
      EncryptionContext context,
      Map<String, String> parameters) {
    this(caller, operation, context, parameters, false, Map.of());
  }

  static Call of(Caller caller, Operation operation) {
    return new Call(caller, operation, EncryptionContext.EMPTY, Map.of());
  }

  static Call of(Caller caller, Operation operation, Map<String, String> parameters) {
    return new Call(caller, operation, EncryptionContext.EMPTY, parameters);
  }

  /** The same call, on the key that its ciphertext names. */
  Call onKeyOfCiphertext() {
    return new Call(caller, operation, context, parameters, true, conditions);
  }

  /** Returns this call with more that policies can ask about. */
  Call with(ConditionKey key, String value) {
    return new Call(caller, operation, context, parameters, keyOfCiphertext, Map.of(key, value));
  }
}
