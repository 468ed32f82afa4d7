// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Explanation;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.iam.Accounts;
import dev.strongroom.kms.iam.CallerPolicies;
import dev.strongroom.kms.iam.RoleSessions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tells administrators why calls are let through or refused. Who asks needs {@code kms:Explain} on
 * the key; for calls that are about no key, {@code kms:ExplainInAccount}; to try another policy,
 * {@code kms:SimulateKeyPolicy}.
 */
final class Explanations {
  private static final Caller NOBODY = Caller.root(new Object(), "000000000000", "");

  private final Gate gate;
  private final PolicyChecks checks;
  private final CallerPolicies callers;
  private final RoleSessions sessions;
  private final Accounts accounts;
  private final ApprovalDesk desk;
  private final String region;
  private final Clock clock;
  private final CallFacts facts;
  private final AuditTrail trail;

  Explanations(
      Gate gate,
      PolicyChecks checks,
      CallerPolicies callers,
      RoleSessions sessions,
      Accounts accounts,
      ApprovalDesk desk,
      String region,
      Clock clock,
      CallFacts facts,
      AuditTrail trail) {
    this.gate = gate;
    this.facts = facts;
    this.checks = checks;
    this.callers = callers;
    this.sessions = sessions;
    this.accounts = accounts;
    this.desk = desk;
    this.region = region;
    this.clock = clock;
    this.trail = trail;
  }

  /** A call to explain, with its time and what is known about how it came here. */
  private record Question(String account, ExplainRequest request, Clock clock, List<String> notes) {

    /** Returns whether the call to explain is one of another account than whoever asks. */
    boolean isOfAnotherAccount() {
      return !CallerPolicies.outsider(request.callerArn()).principal().account().equals(account);
    }
  }

  ExplainResult explain(Caller caller, ExplainRequest request) {
    Question question = new Question(caller.accountId(), request, clock, List.of());
    Map<String, String> parameters =
        Map.of("caller", request.callerArn(), "operation", request.operation().action());
    return request.operation().scope() == Operation.Scope.ACCOUNT
        ? inAccount(Call.of(caller, Operation.EXPLAIN_IN_ACCOUNT, parameters), question)
        : onKey(Call.of(caller, Operation.EXPLAIN, parameters), key(request), question);
  }

  /** Explains a call as if a key had that policy, which is checked as if it were put. */
  ExplainResult simulate(Caller caller, String policyText, ExplainRequest request) {
    Call call =
        Call.of(
            caller,
            Operation.SIMULATE_KEY_POLICY,
            Map.of("caller", request.callerArn(), "operation", request.operation().action()));
    if (request.operation().scope() == Operation.Scope.ACCOUNT) {
      throw new KmsException.Validation(
          request.operation().apiName() + " is about no key: key policies say nothing about it.");
    }
    KeyRef ref = key(request);
    return gate.run(
        call,
        ref,
        null,
        live -> {
          KeyPolicy policy = KeyPolicy.parse(policyText);
          List<String> notes = new ArrayList<>(List.of("this policy was not put"));
          lockout(caller, live, policy).ifPresent(notes::add);
          return onKey(
              live,
              ref,
              new Question(caller.accountId(), request, clock, notes),
              (identity, asked) -> live.explain(policy, identity, asked));
        });
  }

  private Optional<String> lockout(Caller caller, LiveKey live, KeyPolicy policy) {
    try {
      checks.requireNoLockout(caller, live.facts(), policy);
      return Optional.empty();
    } catch (KmsException.MalformedPolicyDocument e) {
      return Optional.of("put-key-policy would refuse it: " + e.getMessage());
    }
  }

  private static KeyRef key(ExplainRequest request) {
    return request
        .key()
        .orElseThrow(
            () ->
                new KmsException.Validation(
                    request.operation().apiName() + " is about a key. Say which, with --key-id."));
  }

  private ExplainResult onKey(Call call, KeyRef ref, Question question) {
    return gate.run(call, ref, null, live -> onKey(live, ref, question, live::explain));
  }

  /** Returns who calls, within the session policies that the record of a refusal names. */
  private Identity identity(Question question) {
    ExplainRequest request = question.request();
    if (question.isOfAnotherAccount()) {
      return CallerPolicies.outsider(request.callerArn());
    }
    Identity named = callers.named(request.callerArn());
    String policy = request.parameters().get(Call.SESSION_POLICY);
    String arns = request.parameters().getOrDefault(Call.SESSION_POLICY_ARNS, "");
    return policy == null && arns.isEmpty()
        ? named
        : callers.narrowed(
            named,
            Optional.ofNullable(policy),
            arns.isEmpty() ? List.of() : List.of(arns.split(" ")));
  }

  /** What answers a question about a key: its policy, or another. */
  private interface Engine {
    Explanation explain(Identity caller, AccessRequest request);
  }

  private ExplainResult onKey(LiveKey live, KeyRef ref, Question question, Engine engine) {
    ExplainRequest request = question.request();
    Identity identity = identity(question);
    AccessRequest asked =
        facts
            .at(question.clock())
            .onKey(identity.principal(), imagined(request), ref, live.facts());
    Explanation explanation = engine.explain(identity, asked);
    List<String> notes = new ArrayList<>(question.notes());
    if (question.isOfAnotherAccount()) {
      notes.add(
          "the caller is of another account, whose policies are not shown here: the call also needs"
              + " one there that allows it");
    }
    KmsException obstacle = KeyObstacle.of(request.operation(), live, null);
    if (obstacle != null) {
      notes.add("whatever policies say, " + obstacle.getMessage());
    }
    notes.addAll(besides(request.operation(), desk.demands(live.key())));
    return ExplainResult.of(
        request.callerArn(),
        request.operation(),
        Optional.of(live.key().arn().text()),
        explanation,
        notes);
  }

  private static List<String> besides(Operation operation, List<ApprovalDesk.Demand> demands) {
    return ApprovalDesk.covering(demands, operation.apiName()).stream()
        .map(demand -> "whatever policies say, " + demand.text(operation.apiName()))
        .toList();
  }

  private ExplainResult inAccount(Call call, Question question) {
    return gate.run(call, () -> inAccount(question));
  }

  /** Explains what makes something by the right that is missing, where it takes several. */
  private ExplainResult inAccount(Question question) {
    Call call = imagined(question.request());
    ExplainResult result = inAccount(question, call);
    if (!result.isAllowed()) {
      return result;
    }
    List<Call> others =
        call.operation() == Operation.CREATE_KEY
            ? CreationRights.besides(call, arn(question.request()))
            : CreationRights.besides(call);
    return others.stream()
        .map(besides -> inAccount(question, besides))
        .filter(besides -> !besides.isAllowed())
        .findFirst()
        .orElse(result);
  }

  /** Returns the key that CreateKey would make, or would have made. */
  private KeyArn arn(ExplainRequest request) {
    KeyId id =
        request.key().orElseGet(Explanations::nowhere) instanceof KeyId named ? named : nowhere();
    String account = CallerPolicies.outsider(request.callerArn()).principal().account();
    return new KeyArn(new Place(region, account), id);
  }

  private ExplainResult inAccount(Question question, Call call) {
    ExplainRequest request = question.request();
    if (question.isOfAnotherAccount()) {
      throw CallerPolicies.nobody(request.callerArn());
    }
    Identity identity = identity(question);
    CallFacts then = facts.at(question.clock());
    List<String> notes = new ArrayList<>(question.notes());
    notes.addAll(besides(call.operation(), desk.demands(identity.principal().account())));
    return ExplainResult.of(
        request.callerArn(),
        call.operation(),
        Optional.empty(),
        request.operation() == Operation.ASSUME_ROLE
            ? ofRole(identity, request, then)
            : Authorizer.explainInAccount(
                identity,
                then.inAccount(identity.principal(), call),
                identity.principal().account()),
        notes);
  }

  private Explanation ofRole(Identity identity, ExplainRequest request, CallFacts facts) {
    String arn =
        request.resource().orElseGet(() -> request.parameters().getOrDefault(Call.ROLE_ARN, ""));
    return sessions
        .find(arn)
        .filter(role -> role.role().account().equals(identity.principal().account()))
        .map(
            role ->
                role.trust()
                    .explain(
                        identity,
                        facts.inAccount(identity.principal(), imagined(request).about(arn))))
        .orElseGet(
            () ->
                new Explanation(
                    Authorizer.refusal(identity.principal(), request.operation()),
                    List.of(),
                    List.of("name a role that there is: \"" + arn + "\" is none")));
  }

  /** Returns the call as policies see it. It is never made, so it has nobody who makes it. */
  private static Call imagined(ExplainRequest request) {
    Map<ConditionKey, String> conditions = new EnumMap<>(ConditionKey.class);
    for (ConditionKey key : ConditionKey.values()) {
      String value = request.parameters().get(key.keyName());
      if (value != null && !key.isFamily() && !key.hasSeveralValues()) {
        conditions.put(key, value);
      }
    }
    return new Call(NOBODY, request.operation(), request.context(), request.parameters())
        .with(conditions)
        .about(request.resource().orElse(Call.ANYTHING));
  }

  /**
   * Explains a call that was made: the request is that of the record, policies and grants are those
   * of now. Who may not know it is refused alike whether there is such a record, and such a key.
   */
  ExplainResult explainRequest(Caller caller, UUID requestId) {
    Call call =
        Call.of(caller, Operation.EXPLAIN, Map.of("explainedRequestId", requestId.toString()));
    Optional<AuditRecord> found =
        trail
            .lookup(AuditQuery.ofRequest(requestId).by(AuditReading.viewer(caller, accounts)))
            .stream()
            .findFirst();
    if (found.isEmpty()) {
      throw gate.absent(
          call,
          "There is no request "
              + requestId
              + " on record here. 'cloudtrail lookup-events' shows those that there are.");
    }
    AuditRecord record = found.get();
    Question question = question(caller, record);
    if (question.request().operation().scope() == Operation.Scope.ACCOUNT) {
      return inAccount(Call.of(caller, Operation.EXPLAIN_IN_ACCOUNT, call.parameters()), question);
    }
    return record.keyArn().isEmpty()
        ? onUnknownKey(call, question)
        : onKey(call, key(question.request()), question);
  }

  private static KeyId nowhere() {
    return new KeyId(UUID.randomUUID());
  }

  private ExplainResult onUnknownKey(Call call, Question question) {
    ExplainRequest request = question.request();
    KeyRef asked = request.key().orElseGet(Explanations::nowhere);
    try {
      // There may be a key of that name by now.
      return onKey(call, asked, question);
    } catch (KmsException.NotFound e) {
      Identity identity = identity(question);
      return ExplainResult.of(
          request.callerArn(),
          request.operation(),
          Optional.empty(),
          new Explanation(
              Authorizer.refusal(identity.principal(), request.operation()),
              List.of(),
              List.of("name a key that there is: \"" + asked.text() + "\" is none")),
          question.notes());
    }
  }

  private static Question question(Caller caller, AuditRecord record) {
    Map<String, String> parameters = new TreeMap<>(record.parameters());
    String action = Optional.ofNullable(parameters.remove(Call.ACTION)).orElse(record.eventName());
    Optional<String> resource = Optional.ofNullable(parameters.remove(Call.RESOURCE));
    Optional<KeyRef> named = Optional.ofNullable(parameters.remove(Call.KEY_ID)).map(KeyRef::parse);
    Optional<KeyRef> key = named.or(() -> record.keyArn().map(KeyArn::parse));
    ExplainRequest request =
        new ExplainRequest(
            record.callerArn().orElseThrow(() -> notACall(record)),
            operation(action, record),
            key,
            resource,
            EncryptionContext.of(record.encryptionContext()),
            parameters);
    return new Question(
        caller.accountId(),
        request,
        Clock.fixed(record.eventTime(), ZoneOffset.UTC),
        List.of(
            "the request is the one on record of "
                + record.eventTime()
                + "; policies and grants are those of now"
                + (record.integrity() == AuditRecord.Integrity.DAMAGED
                    ? ", and its journal was changed"
                    : "")));
  }

  private static Operation operation(String action, AuditRecord record) {
    try {
      return Operation.named(action);
    } catch (IllegalArgumentException e) {
      throw notACall(record);
    }
  }

  private static KmsException notACall(AuditRecord record) {
    return new KmsException.Validation(
        "The record is of " + record.eventName() + ", which no policy decides on.");
  }
}
