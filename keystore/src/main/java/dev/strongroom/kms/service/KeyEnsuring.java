// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * EnsureKey: brings a key into a described state. {@link KeyPlans} say what that takes; here each
 * change of it goes through the gate as the call that would make it alone, and all are written
 * together.
 */
final class KeyEnsuring {
  private final Gate gate;
  private final ApprovalGate guarded;
  private final ApprovalDesk desk;
  private final KeyCreation creation;
  private final KeyPlans plans;
  private final KeyStorage storage;
  private final KeyChanges changes;

  KeyEnsuring(
      Gate gate,
      ApprovalGate guarded,
      ApprovalDesk desk,
      KeyCreation creation,
      KeyPlans plans,
      KeyStorage storage,
      KeyChanges changes) {
    this.gate = gate;
    this.guarded = guarded;
    this.desk = desk;
    this.creation = creation;
    this.plans = plans;
    this.storage = storage;
    this.changes = changes;
  }

  EnsureKeyResult ensure(Caller caller, KeyDescription wanted) {
    if (storage.resolve(caller.accountId(), wanted.alias()).isPresent()) {
      return bring(caller, wanted);
    }
    CreateKeyRequest request = wanted.creation();
    if (!creation.wouldAdmit(caller, request)) {
      // Whether the alias is taken is for those to know who may see the key, or make it.
      look(caller, Operation.DESCRIBE_KEY, wanted.alias());
    }
    try {
      return new EnsureKeyResult(
          Optional.of(creation.create(caller, request).arn()), true, List.of());
    } catch (KmsException.DryRunOperation e) {
      return new EnsureKeyResult(Optional.empty(), true, List.of());
    } catch (KmsException.AlreadyExists e) {
      return bring(caller, wanted); // somebody else made it a moment ago
    }
  }

  private LiveKey look(Caller caller, Operation operation, KeyRef ref) {
    return gate.run(Call.of(caller.inEarnest(), operation), ref, null, live -> live);
  }

  private EnsureKeyResult bring(Caller caller, KeyDescription wanted) {
    KmsKey key = now(look(caller, Operation.DESCRIBE_KEY, wanted.alias()));
    wanted.policy().ifPresent(any -> look(caller, Operation.GET_KEY_POLICY, wanted.alias()));
    wanted.tags().ifPresent(any -> look(caller, Operation.LIST_RESOURCE_TAGS, wanted.alias()));
    wanted
        .rotationPeriodInDays()
        .ifPresent(any -> look(caller, Operation.GET_KEY_ROTATION_STATUS, wanted.alias()));
    requireStaying(key);
    KeyPlans.requireSameKind(key, wanted);
    List<KeyPlans.Step> steps = plans.steps(caller, key, wanted);
    if (!steps.isEmpty()) {
      take(steps, key, wanted.alias());
    }
    return new EnsureKeyResult(
        Optional.of(key.arn()), false, steps.stream().map(KeyPlans.Step::change).toList());
  }

  /** What is in memory may be of a moment ago. */
  private KmsKey now(LiveKey seen) {
    return storage.findKey(seen.key().keyId()).orElse(seen.key());
  }

  private static void requireStaying(KmsKey key) {
    if (key.state() == KeyState.PENDING_DELETION) {
      KeyChanges.requireState(Operation.TAG_RESOURCE, key);
    }
  }

  /**
   * Makes the changes and returns whether they are made. Refusals by policies come first, then
   * those by the key, then missing approvals.
   */
  private boolean take(List<KeyPlans.Step> steps, KmsKey key, KeyRef ref) {
    List<Gate.Admission> admissions = new ArrayList<>();
    for (KeyPlans.Step step : steps) {
      Gate.Admission admission = gate.admitInAnyState(step.call(), ref, null);
      requireSame(key, admission.key().key());
      admissions.add(admission);
    }
    requirePossible(steps, key);
    List<ApprovalDesk.Approved> approved = new ArrayList<>();
    List<Optional<String>> labels = new ArrayList<>();
    for (Gate.Admission admission : admissions) {
      Optional<ApprovalDesk.Approved> approvals = guarded.approvals(admission);
      approvals.ifPresent(approved::add);
      labels.add(approvals.map(ApprovalDesk.Approved::label));
    }
    Supplier<Boolean> work = () -> write(steps, key, approved);
    for (int i = 0; i < admissions.size(); i++) {
      gate.record(admissions.get(i), labels.get(i));
      work = within(admissions.get(i), labels.get(i), work);
    }
    try {
      return work.get();
    } catch (KmsException.DryRunOperation e) {
      return false; // what would change is the answer
    }
  }

  private Supplier<Boolean> within(
      Gate.Admission admission, Optional<String> label, Supplier<Boolean> work) {
    Optional<String> by = Gate.joined(admission.decision().decider(), label);
    return () -> gate.work(admission.call(), admission.key(), by, work);
  }

  private static void requireSame(KmsKey key, KmsKey admitted) {
    if (!key.keyId().equals(admitted.keyId())) {
      throw new KmsException.Conflict(
          "The alias was moved to another key meanwhile. Try the call again.");
    }
  }

  private void requirePossible(List<KeyPlans.Step> steps, KmsKey key) {
    KmsKey changed = key;
    for (KeyPlans.Step step : steps) {
      try {
        changed = step.on(changed);
      } catch (KmsException e) {
        throw gate.refused(step.call().naming(key.arn()), e);
      }
    }
  }

  private boolean write(
      List<KeyPlans.Step> steps, KmsKey key, List<ApprovalDesk.Approved> approved) {
    if (!approved.isEmpty()) {
      desk.requireIntactStore();
    }
    changes.change(
        steps.get(0).call(),
        key,
        approved,
        now -> {
          KeyChanges.requireSameRule(key, now);
          KmsKey changed = now;
          for (KeyPlans.Step step : steps) {
            changed = step.on(changed);
          }
          return changed;
        });
    return true;
  }
}
