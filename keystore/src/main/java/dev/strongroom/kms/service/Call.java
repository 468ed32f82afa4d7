// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.request.ConditionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A call on its way through the gate: who, what, and what the trail shows of the request.
 *
 * @param parameters request parameters by CloudTrail's names, without secrets and ciphertexts
 * @param keyOfCiphertext whether the ciphertext names the key, and not the caller
 * @param conditions what policies can ask about the request besides context and parameters
 * @param resource the ARN of what it is about where that is no key
 */
record Call(
    Caller caller,
    Operation operation,
    EncryptionContext context,
    Map<String, String> parameters,
    boolean keyOfCiphertext,
    Map<ConditionKey, String> conditions,
    String resource) {

  /** What calls are about that are about nothing in particular. */
  static final String ANYTHING = "*";

  /** The parameter that names the key as the caller did. */
  static final String KEY_ID = "keyId";

  /** The parameter that says which half of an event was refused. */
  static final String ACTION = "action";

  Call(
      Caller caller,
      Operation operation,
      EncryptionContext context,
      Map<String, String> parameters) {
    this(caller, operation, context, parameters, false, Map.of(), ANYTHING);
  }

  static Call of(Caller caller, Operation operation) {
    return new Call(caller, operation, EncryptionContext.EMPTY, Map.of());
  }

  static Call of(Caller caller, Operation operation, Map<String, String> parameters) {
    return new Call(caller, operation, EncryptionContext.EMPTY, parameters);
  }

  /** The same call, made by another caller. */
  Call by(Caller other) {
    return new Call(other, operation, context, parameters, keyOfCiphertext, conditions, resource);
  }

  /** The same call, on the key that its ciphertext names. */
  Call onKeyOfCiphertext() {
    return new Call(caller, operation, context, parameters, true, conditions, resource);
  }

  /** Returns this call with the name that it has for its key on record. */
  Call naming(KeyRef ref) {
    Map<String, String> more = new TreeMap<>(parameters);
    more.putIfAbsent(KEY_ID, ref.text());
    return new Call(caller, operation, context, more, keyOfCiphertext, conditions, resource);
  }

  /** Returns all that can have mattered for a refusal, so that it can be explained later. */
  Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>(parameters);
    conditions.forEach((key, value) -> all.put(key.keyName(), value));
    if (!operation.eventName().equals(operation.apiName())) {
      all.put(ACTION, operation.action());
    }
    return all;
  }

  /** Returns this call with more that policies can ask about. */
  Call with(ConditionKey key, String value) {
    Map<ConditionKey, String> more = new HashMap<>(conditions);
    more.put(key, value);
    return new Call(
        caller, operation, context, parameters, keyOfCiphertext, Map.copyOf(more), resource);
  }

  /** Returns this call with one more parameter for the trail. */
  Call with(String parameter, String value) {
    Map<String, String> more = new HashMap<>(parameters);
    more.put(parameter, value);
    return new Call(
        caller, operation, context, Map.copyOf(more), keyOfCiphertext, conditions, resource);
  }

  /** Returns this call about something that has an ARN and is no key. */
  Call about(String arn) {
    return new Call(caller, operation, context, parameters, keyOfCiphertext, conditions, arn);
  }
}
