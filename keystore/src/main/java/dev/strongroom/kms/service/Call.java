// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.RoleSession;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.metrics.FlightRecorderEvents;
import dev.strongroom.kms.metrics.FlightRecorderEvents.OperationTrace;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way through the gate: who, what, and what the trail shows of the request. Made
 * before the first key of the call is looked for, because {@link RefusalPace} counts from here.
 *
 * @param parameters request parameters by CloudTrail's names, without secrets and ciphertexts
 * @param keyOfCiphertext whether the ciphertext names the key, and not the caller
 * @param materialPrefix the generation of key material that a ciphertext or the caller names, which
 *     is what the trail shows; or {@link #CURRENT}
 * @param conditions what policies can ask about the request besides context and parameters
 * @param resource the ARN of what it is about where that is no key
 * @param start when the call began, by {@link System#nanoTime}
 * @param trace null unless a flight recording wants to know
 */
record Call(
    Caller caller,
    Operation operation,
    EncryptionContext context,
    Map<String, String> parameters,
    boolean keyOfCiphertext,
    long materialPrefix,
    Map<ConditionKey, String> conditions,
    String resource,
    long start,
    @Nullable OperationTrace trace) {

  /** Calls that use whatever generation of key material is current. */
  static final long CURRENT = 0;

  /** What calls are about that are about nothing in particular. */
  static final String ANYTHING = "*";

  /** The parameter that names the key as the caller did. */
  static final String KEY_ID = "keyId";

  /** The parameter that says which alias a call makes, moves or takes away. */
  static final String ALIAS_NAME = "aliasName";

  /** The parameter that says which half of an event was refused. */
  static final String ACTION = "action";

  /** The parameter that says what a refused call was about that was about no key. */
  static final String RESOURCE = "resource";

  /** The parameter that names the role that is assumed. */
  static final String ROLE_ARN = "roleArn";

  /** The parameters that say which policies of a session limited a call that was refused. */
  static final String SESSION_POLICY = "sessionPolicy";

  static final String SESSION_POLICY_ARNS = "sessionPolicyArns";

  Call(
      Caller caller,
      Operation operation,
      EncryptionContext context,
      Map<String, String> parameters) {
    this(
        caller,
        operation,
        context,
        parameters,
        false,
        CURRENT,
        Map.of(),
        ANYTHING,
        System.nanoTime(),
        FlightRecorderEvents.operation());
  }

  static Call of(Caller caller, Operation operation) {
    return new Call(caller, operation, EncryptionContext.EMPTY, Map.of());
  }

  static Call of(Caller caller, Operation operation, Map<String, String> parameters) {
    return new Call(caller, operation, EncryptionContext.EMPTY, parameters);
  }

  /** The same call, made by another caller. */
  Call by(Caller other) {
    return with(draft -> draft.caller = other);
  }

  /** The same call, as far as it is another operation as well. */
  Call as(Operation other) {
    return with(draft -> draft.operation = other);
  }

  /**
   * The same call, with a ciphertext.
   *
   * @param prefix names the generation of key material that it says it was made with
   * @param namesKey whether it names the key, and not the caller
   */
  Call onCiphertext(long prefix, boolean namesKey) {
    return with(
        draft -> {
          draft.keyOfCiphertext = namesKey;
          draft.materialPrefix = prefix;
        });
  }

  /** The same call, about one generation of key material, by the prefix of its name. */
  Call onMaterial(long prefix) {
    return onCiphertext(prefix, keyOfCiphertext);
  }

  /** Returns whether it is tried only, and not made. */
  boolean isDryRun() {
    return caller.isDryRun();
  }

  /** Returns this call with the name that it has for its key on record. */
  Call naming(KeyRef ref) {
    return parameters.containsKey(KEY_ID) ? this : with(KEY_ID, ref.text());
  }

  /** Returns all that can have mattered for a refusal, so that it can be explained later. */
  Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>(parameters);
    conditions.forEach((key, value) -> all.put(key.keyName(), value));
    if (!resource.equals(ANYTHING)) {
      all.put(RESOURCE, resource);
    }
    if (!operation.eventName().equals(operation.apiName())) {
      all.put(ACTION, operation.action());
    }
    caller.session().ifPresent(session -> addLimits(session, all));
    return all;
  }

  private static void addLimits(RoleSession session, Map<String, String> all) {
    session.policy().ifPresent(policy -> all.put(SESSION_POLICY, policy));
    if (!session.policyArns().isEmpty()) {
      all.put(SESSION_POLICY_ARNS, String.join(" ", session.policyArns()));
    }
  }

  /** Returns this call with more that policies can ask about. */
  Call with(ConditionKey key, String value) {
    Map<ConditionKey, String> more = new HashMap<>(conditions);
    more.put(key, value);
    return with(Map.copyOf(more));
  }

  /** Returns this call with these things that policies can ask about, and no others. */
  Call with(Map<ConditionKey, String> others) {
    return with(draft -> draft.conditions = others);
  }

  /** Returns this call with that parameter for the trail. */
  Call with(String parameter, String value) {
    Map<String, String> more = new TreeMap<>(parameters);
    more.put(parameter, value);
    return with(draft -> draft.parameters = more);
  }

  /** Returns the beginning of a refusal by other than policies: who may not do what. */
  String notAuthorized() {
    return "User: " + caller.arn() + " is not authorized to perform: " + operation.action();
  }

  /** Returns this call about something that has an ARN and is no key. */
  Call about(String arn) {
    return with(draft -> draft.resource = arn);
  }

  private Call with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.call();
  }

  /** A copy that can be changed. */
  private static final class Draft {
    private Caller caller;
    private Operation operation;
    private final EncryptionContext context;
    private Map<String, String> parameters;
    private boolean keyOfCiphertext;
    private long materialPrefix;
    private Map<ConditionKey, String> conditions;
    private String resource;
    private final long start;
    private final @Nullable OperationTrace trace;

    Draft(Call from) {
      caller = from.caller;
      operation = from.operation;
      context = from.context;
      parameters = from.parameters;
      keyOfCiphertext = from.keyOfCiphertext;
      materialPrefix = from.materialPrefix;
      conditions = from.conditions;
      resource = from.resource;
      start = from.start;
      trace = from.trace;
    }

    Call call() {
      return new Call(
          caller,
          operation,
          context,
          parameters,
          keyOfCiphertext,
          materialPrefix,
          conditions,
          resource,
          start,
          trace);
    }
  }
}
