// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import java.util.Map;

/**
 * A call on its way through the gate: who, what, and what the trail shows of the request.
 *
 * @param parameters request parameters by CloudTrail's names, without secrets and ciphertexts
 * @param keyOfCiphertext whether the ciphertext names the key, and not the caller
 */
record Call(
    Caller caller,
    Operation operation,
    EncryptionContext context,
    Map<String, String> parameters,
    boolean keyOfCiphertext) {

  Call(
      Caller caller,
      Operation operation,
      EncryptionContext context,
      Map<String, String> parameters) {
    this(caller, operation, context, parameters, false);
  }

  static Call of(Caller caller, Operation operation) {
    return new Call(caller, operation, EncryptionContext.EMPTY, Map.of());
  }

  static Call of(Caller caller, Operation operation, Map<String, String> parameters) {
    return new Call(caller, operation, EncryptionContext.EMPTY, parameters);
  }

  /** The same call, on the key that its ciphertext names. */
  Call onKeyOfCiphertext() {
    return new Call(caller, operation, context, parameters, true);
  }
}
