// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.iam.CallerPolicies;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.service.CallFacts.GrantFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides and records: every call comes through here, those that approval rules and trust policies
 * have a say in by {@link ApprovalGate} and {@link RoleGate}. Every operation goes: find the key,
 * authorize, check the state, record, work; work that fails afterwards adds a record.
 *
 * <p>A refusal comes before the key's state is told, and a key that does not exist is refused in
 * the words of a forbidden one and takes as long ({@link RefusalPace}), unless the caller may do
 * that to any key of the account. Who is refused is told the id of the record, which {@link
 * Explanations} finds. Where the trail cannot be written, the call fails. Thread-safe.
 */
final class Gate {
  private final Identities identities;
  private final CallerPolicies callers;
  private final KeyCache keys;
  private final NamedKeys names;
  private final GrantUses uses;
  private final CallFacts facts;
  private final CallRecords records;

  /**
   * A key that a call was let through to, and what let it.
   *
   * @param ref how the call names the key
   * @param about what CreateGrant would make or RetireGrant would end; null for other calls
   */
  record Admission(Call call, KeyRef ref, LiveKey key, Decision decision, @Nullable Grant about) {}

  Gate(
      Identities identities,
      CallerPolicies callers,
      KeyCache keys,
      NamedKeys names,
      GrantUses uses,
      CallFacts facts,
      CallRecords records) {
    this.identities = identities;
    this.callers = callers;
    this.keys = keys;
    this.names = names;
    this.uses = uses;
    this.facts = facts;
    this.records = records;
  }

  /** Lets a call on one key through and does the work. */
  <T> T run(Call call, KeyRef ref, @Nullable KeyUsage usage, Function<LiveKey, T> work) {
    return run(admit(call, ref, usage), work);
  }

  /** Lets a call that ends a grant of a key through and does the work. */
  <T> T runOnGrant(Call call, KeyRef ref, @Nullable Grant about, Function<LiveKey, T> work) {
    return run(admit(call, ref, null, about), work);
  }

  private <T> T run(Admission admission, Function<LiveKey, T> work) {
    LiveKey key = admission.key();
    Operation operation = admission.call().operation();
    if (ApprovalRule.canCover(operation.apiName())) {
      throw new IllegalStateException(
          operation + " can need approvals: ApprovalGate asks for them");
    }
    record(admission);
    return work(admission, () -> work.apply(key));
  }

  /**
   * Returns whether a caller's own policies leave it to others what it may do.
   *
   * @param key what the call is about; null for an account
   */
  boolean isWithinLimits(Call call, @Nullable LiveKey key) {
    Identity caller = identity(call);
    Principal principal = caller.principal();
    return Authorizer.isWithinLimits(
        caller,
        key == null
            ? facts.inAccount(principal, call)
            : facts.onKey(principal, call, key.key().keyId(), key.facts(), GrantFacts.NONE));
  }

  /** Lets a call through that everybody may make, and does the work. */
  <T> T runForAll(Call call, Supplier<T> work) {
    requireLive(call);
    records.admitted(call, null, null, Optional.empty());
    return work(call, null, Optional.empty(), work);
  }

  /** Returns what a trust policy decides on a call on the role that it is of. */
  Decision decide(Call call, Authorizer trust) {
    Identity caller = identity(call);
    return trust.decide(caller, facts.inAccount(caller.principal(), call));
  }

  /** Returns that a call is about nothing that a key could be found by, after recording it. */
  KmsException refused(Call call, KmsException e) {
    return records.refused(call, null, Optional.empty(), e);
  }

  /** Returns the refusal of a call that no policy decides on, after recording it. */
  KmsException refuse(Call call, String reason) {
    requireLive(call);
    return records.refused(call, null, Optional.empty(), new KmsException.AccessDenied(reason));
  }

  /**
   * Returns the refusal of a call about something that does not exist: to those who may not know,
   * that of a call on a key that does not.
   *
   * @param message for the others
   */
  KmsException absent(Call call, String message) {
    try {
      admit(call, new KeyId(UUID.randomUUID()), null);
    } catch (KmsException.NotFound e) {
      return new KmsException.NotFound(message);
    } catch (KmsException.AccessDenied e) {
      return e;
    }
    throw new AssertionError("A key that was never made was found");
  }

  /** Lets a call through that is about no key, and does the work. */
  <T> T run(Call call, Supplier<T> work) {
    return run(call, requireAllowed(call), work);
  }

  /**
   * Lets a call through that is about no key, where policies allow others as well, and does the
   * work: one call on record, and one refusal.
   */
  <T> T runWith(List<Call> besides, Call call, Supplier<T> work) {
    Decision decision = requireAllowed(call);
    besides.forEach(other -> requireAllowed(call, other));
    return run(call, decision, work);
  }

  private <T> T run(Call call, Decision decision, Supplier<T> work) {
    records.admitted(call, null, null, decision.decider());
    return work(call, null, decision.decider(), work);
  }

  /** Returns what lets a call through that is about no key; only a refusal is recorded. */
  Decision requireAllowed(Call call) {
    return requireAllowed(call, call);
  }

  private Decision requireAllowed(Call call, Call asked) {
    Decision decision = decide(asked);
    if (decision instanceof Decision.Denied denied) {
      throw records.refused(
          call, null, denied.decider(), new KmsException.AccessDenied(denied.reason()));
    }
    return decision;
  }

  private Decision decide(Call call) {
    requireLive(call);
    Identity caller = identity(call);
    return Authorizer.decideInAccount(
        caller, facts.inAccount(caller.principal(), call), call.caller().accountId());
  }

  /** Does the work of a call whose admission was recorded. */
  <T> T work(Admission admission, Supplier<T> work) {
    return work(admission.call(), admission.key(), admission.decision().decider(), work);
  }

  /**
   * Does the same for a call that is about one key or none. Of a dry run the work only finds out
   * how it would end.
   *
   * @param decidedBy what let the call through
   */
  <T> T work(Call call, @Nullable LiveKey key, Optional<String> decidedBy, Supplier<T> work) {
    if (call.isDryRun()) {
      throw tried(call, key, decidedBy, work);
    }
    KeyArn arn = key == null ? null : key.key().arn();
    try {
      T result = work.get();
      records.done(call, arn);
      return result;
    } catch (KmsException.AuditUnavailable e) {
      records.unrecorded(call, arn, e);
      throw e;
    } catch (KmsException e) {
      records.failed(call, arn, key == null ? null : key.materialId(call), e);
      throw e;
    }
  }

  private KmsException tried(
      Call call, @Nullable LiveKey key, Optional<String> decidedBy, Supplier<?> work) {
    KmsException outcome = DryRun.outcome(work);
    records.tried(
        call,
        key == null ? null : key.key().arn(),
        key == null ? null : key.materialId(call),
        decidedBy,
        outcome);
    return outcome;
  }

  /**
   * Finds the key and authorizes, without recording success and without taking a use of a grant:
   * for operations on two keys, which {@link #record} once both are admitted. Refusals are recorded
   * here.
   *
   * @param usage what the key must have been made for; null where any will do
   */
  Admission admit(Call call, KeyRef ref, @Nullable KeyUsage usage) {
    return admit(call, ref, usage, null);
  }

  /**
   * Does the same.
   *
   * @param about what CreateGrant would make or RetireGrant would end; null for other calls
   */
  Admission admit(Call call, KeyRef ref, @Nullable KeyUsage usage, @Nullable Grant about) {
    Admission admission = admitInAnyState(call, ref, about);
    LiveKey key = admission.key();
    KmsException obstacle = KeyObstacle.of(call.operation(), key, usage);
    if (obstacle != null) {
      throw records.refused(call, key.key().arn(), admission.decision().decider(), obstacle);
    }
    return admission;
  }

  /** Does the same whatever state the key is in, and whatever it was made for. */
  Admission admitInAnyState(Call call, KeyRef ref, @Nullable Grant about) {
    requireLive(call);
    Optional<LiveKey> found = presented(call, ref);
    if (found.isEmpty()) {
      throw unknown(call, ref);
    }
    LiveKey key = found.get();
    Decision decision = decide(call, ref, key, about, Set.of());
    requireAllowed(call, ref, key, decision);
    return new Admission(call, ref, key, decision, about);
  }

  private Optional<LiveKey> presented(Call call, KeyRef ref) {
    try {
      return names.withGrantTokens(call, ref);
    } catch (KmsException.InvalidGrantToken e) {
      throw records.refused(call, null, Optional.empty(), e);
    }
  }

  /**
   * Returns a call on two keys with the grant tokens that are for that key, or those that are not.
   */
  Call presentingFor(Call call, KeyRef ref, boolean wanted) {
    try {
      return names.presentingFor(call, ref, wanted);
    } catch (KmsException.InvalidGrantToken e) {
      throw records.refused(call, null, Optional.empty(), e);
    }
  }

  /**
   * A refusal is on record in one account alone: the key's owner would see the caller's session
   * policies in it, the caller's account whose key it is.
   */
  private void requireAllowed(Call call, KeyRef ref, LiveKey key, Decision decision) {
    if (!decision.isAllowed() && NamedKeys.isForeign(call, key)) {
      throw unknown(call, ref);
    }
    if (decision instanceof Decision.Denied denied) {
      throw records.refused(
          ref instanceof Alias || ref instanceof AliasArn ? call.naming(ref) : call,
          key.key().arn(),
          denied.decider(),
          new KmsException.AccessDenied(denied.reason()));
    }
  }

  private Decision decide(
      Call call, KeyRef ref, LiveKey key, @Nullable Grant about, Set<String> exhausted) {
    Identity caller = identity(call);
    boolean isOrdinary = about == null && exhausted.isEmpty();
    Decision known = isOrdinary ? key.known(caller, call.operation(), call.context()) : null;
    if (known != null) {
      return known;
    }
    GrantFacts grants = isOrdinary ? GrantFacts.NONE : new GrantFacts(about, exhausted);
    return key.decide(caller, facts.onKey(caller.principal(), call, ref, key.facts(), grants));
  }

  private Identity identity(Call call) {
    return callers.of(call.caller().authenticated());
  }

  /** Returns whether a call on no key would be let through, without recording anything. */
  boolean wouldAdmit(Call call) {
    return decide(call).isAllowed();
  }

  /** Returns whether a call would be let through to a key, without recording anything. */
  boolean wouldAdmit(Call call, LiveKey key) {
    return decide(call, key.key().keyId(), key, null, Set.of()).isAllowed();
  }

  /**
   * Returns whether the policy would leave neither the caller nor the account able to change it.
   */
  boolean locksOut(Caller caller, KeyFacts key, KeyPolicy policy) {
    Identity identity = callers.of(caller.authenticated());
    return policy.locksOut(
        identity,
        facts.onKey(
            identity.principal(), Call.of(caller, Operation.PUT_KEY_POLICY), key.id(), key));
  }

  /**
   * Lets callers through whose access key is good. Comes before any look at a key: others must
   * neither learn by it nor be work for the store.
   */
  void requireLive(Call call) {
    try {
      keys.requireReachable();
      identities.requireLive(call.caller(), call.operation().service());
      DryRun.requireToHaveOne(call);
    } catch (KmsException e) {
      throw records.refused(call, null, Optional.empty(), e);
    }
  }

  /** Returns whether {@link #requireLive} would let a caller's calls through; records nothing. */
  boolean isLive(Caller caller) {
    return identities.isLive(caller);
  }

  /** Returns whether the caller may be told that something on a key does not exist. */
  boolean mayLearnOfAbsence(Call call) {
    requireLive(call);
    return Authorizer.mayLearnOfAbsence(identity(call).principal(), call.caller().accountId());
  }

  /** What policies could have asked is not on record: it can tell of a key of another account. */
  private KmsException unknown(Call call, KeyRef ref) {
    Call shown = call.with(Map.of()).naming(ref);
    return records.refused(
        shown, null, Optional.empty(), KeyAbsence.of(call, ref, identity(call).principal()));
  }

  /** Takes the use of a grant that the call rests on, and records that it was let through. */
  void record(Admission admission) {
    record(admission, Optional.empty());
  }

  /**
   * Does the same.
   *
   * @param besides what else let it through
   */
  void record(Admission admission, Optional<String> besides) {
    LiveKey key = admission.key();
    records.admitted(
        admission.call(),
        key.key().arn(),
        key.materialId(admission.call()),
        joined(use(admission).decider(), besides));
  }

  /** Returns what the trail says let a call through. */
  static Optional<String> joined(Optional<String> decider, Optional<String> besides) {
    return besides.isEmpty() ? decider : decider.map(by -> by + "; " + besides.get());
  }

  /** Returns what lets the call through when the use is taken, where it is a counted one. */
  private Decision use(Admission admission) {
    Decision decision = admission.decision();
    if (!GrantUses.isCounted(decision)) {
      return decision;
    }
    Call call = admission.call();
    KeyRef ref = admission.ref();
    LiveKey key = admission.key();
    Decision taken =
        uses.take(
            decision,
            call.isDryRun(),
            exhausted -> decide(call, ref, key, admission.about(), exhausted));
    requireAllowed(call, ref, key, taken);
    return taken;
  }

  /** Records that a call that was let through failed before its work began. */
  void failed(Admission admission, KmsException e) {
    LiveKey key = admission.key();
    records.failed(admission.call(), key.key().arn(), key.materialId(admission.call()), e);
  }
}
