// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.UseLimit;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What it takes to bring a key into a described state: the calls that would, one after another. */
final class KeyPlans {
  private static final int MAX_POLICY_CHARS = 1 << 17;

  private final PolicyChecks checks;
  private final Clock clock;

  KeyPlans(PolicyChecks checks, Clock clock) {
    this.checks = checks;
    this.clock = clock;
  }

  /** One change of a key. */
  record Step(Call call, EnsureKeyResult.Change change, UnaryOperator<KmsKey> work) {

    /**
     * Returns the key with the change.
     *
     * @throws KmsException if that key does not take it
     */
    KmsKey on(KmsKey key) {
      KeyChanges.requireState(call.operation(), key);
      return work.apply(key);
    }
  }

  /**
   * Makes sure that a key differs from its description in nothing that cannot be changed.
   *
   * @throws KmsException.Validation naming what differs, and what to do
   */
  static void requireSameKind(KmsKey key, KeyDescription wanted) {
    requireSame(key, "KeySpec", key.spec(), wanted.spec());
    requireSame(key, "KeyUsage", key.usage(), wanted.usage());
    requireSame(key, "Origin", key.origin(), wanted.origin());
    requireSame(key, "ProtectionLevel", key.level(), wanted.protectionLevel());
    requireSame(key, "MultiRegion", key.multiRegion().isPresent(), wanted.multiRegion());
  }

  private static void requireSame(KmsKey key, String member, Object is, Optional<?> wanted) {
    if (wanted.isPresent() && !wanted.get().equals(is)) {
      throw new KmsException.Validation(
          key.arn()
              + " has the "
              + member
              + " "
              + is
              + " for good, and the description says "
              + wanted.get()
              + ". Correct the description; or describe another key under another alias, and move"
              + " this one there with 'kms delete-alias' and 'kms create-alias'.");
    }
  }

  /**
   * Returns the changes in the order in which they are made: enabled first, so that the others can
   * be, and disabled last. None where the key is as described.
   */
  List<Step> steps(Caller caller, KmsKey key, KeyDescription wanted) {
    List<Step> steps = new ArrayList<>();
    boolean isDisabled = key.ownState() == KeyState.DISABLED;
    wanted
        .enabled()
        .filter(enabled -> enabled && isDisabled)
        .ifPresent(yes -> steps.add(enable(caller)));
    wanted
        .description()
        .filter(text -> !text.equals(key.description()))
        .ifPresent(text -> steps.add(describe(caller, key, text)));
    wanted
        .policy()
        .filter(policy -> !isSame(policy, key.policy()))
        .ifPresent(policy -> steps.add(govern(caller, key, policy)));
    wanted.tags().ifPresent(tags -> addTags(caller, key, tags, steps));
    wanted.rotationPeriodInDays().ifPresent(days -> addRotation(caller, key, days, steps));
    wanted
        .enabled()
        .filter(enabled -> !enabled && !isDisabled)
        .ifPresent(no -> steps.add(disable(caller)));
    return steps;
  }

  private static Step enable(Caller caller) {
    return step(
        Call.of(caller, Operation.ENABLE_KEY),
        "Enabled",
        "false",
        "true",
        key -> key.withState(KeyState.ENABLED));
  }

  private static Step disable(Caller caller) {
    return step(
        Call.of(caller, Operation.DISABLE_KEY),
        "Enabled",
        "true",
        "false",
        key -> key.withState(KeyState.DISABLED));
  }

  private static Step describe(Caller caller, KmsKey key, String text) {
    KeyAdministration.requireDescription(text);
    return step(
        Call.of(caller, Operation.UPDATE_KEY_DESCRIPTION, Map.of("description", text)),
        "Description",
        key.description(),
        text,
        changed -> changed.withDescription(text));
  }

  private Step govern(Caller caller, KmsKey key, String text) {
    KeyPolicy policy = KeyPolicy.parse(text);
    return step(
        Call.of(caller, Operation.PUT_KEY_POLICY, ApprovalProposal.putKeyPolicy(text).parameters()),
        "Policy",
        key.policy(),
        text,
        changed -> {
          checks.requireNoLockout(caller, LiveKey.facts(changed), policy);
          return changed.withPolicy(policy.text());
        });
  }

  /** The same values make the same policy, however they are laid out. */
  private static boolean isSame(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      return Objects.equals(Json.parse(one, MAX_POLICY_CHARS), Json.parse(other, MAX_POLICY_CHARS));
    } catch (JsonException e) {
      return false; // KeyPolicy says what is wrong with it
    }
  }

  private static void addTags(
      Caller caller, KmsKey key, Map<String, String> given, List<Step> steps) {
    Map<String, String> wanted = RequestTags.valid(given);
    TreeSet<String> gone = new TreeSet<>(key.tags().keySet());
    gone.removeAll(wanted.keySet());
    if (!gone.isEmpty()) {
      Map<String, String> before = new TreeMap<>(key.tags());
      before.keySet().retainAll(gone);
      steps.add(
          step(
              Call.of(caller, Operation.UNTAG_RESOURCE, RequestTags.keyParameters(gone)),
              "Tags",
              shown(before),
              "",
              changed -> TagAdministration.without(changed, gone)));
    }
    Map<String, String> added = new TreeMap<>(wanted);
    added.entrySet().removeAll(key.tags().entrySet());
    if (!added.isEmpty()) {
      Map<String, String> before = new TreeMap<>(key.tags());
      before.keySet().retainAll(added.keySet());
      steps.add(
          step(
              Call.of(caller, Operation.TAG_RESOURCE, RequestTags.parameters(added)),
              "Tags",
              shown(before),
              shown(added),
              changed -> TagAdministration.with(changed, added)));
    }
  }

  private static String shown(Map<String, String> tags) {
    return tags.isEmpty() ? "" : Json.write(tags);
  }

  private void addRotation(Caller caller, KmsKey key, int wanted, List<Step> steps) {
    int now = key.rotation().map(RotationSchedule::periodInDays).orElse(0);
    boolean isAsWanted = wanted == now || (wanted == KeyDescription.ANY_PERIOD && now > 0);
    if (isAsWanted) {
      return;
    }
    if (wanted == 0) {
      steps.add(
          step(
              Call.of(caller, Operation.DISABLE_KEY_ROTATION),
              "RotationPeriodInDays",
              period(now),
              "",
              KeyRotations::resting));
      return;
    }
    EnableKeyRotationRequest request = rotation(key, KeyDescription.period(wanted));
    Call call = Call.of(caller, Operation.ENABLE_KEY_ROTATION, request.parameters());
    steps.add(
        step(
            RotationRules.overlapping(call, request.withOverlap()),
            "RotationPeriodInDays",
            period(now),
            period(request.periodInDays()),
            changed ->
                KeyRotations.rotating(
                    changed, request, clock.instant().truncatedTo(ChronoUnit.MILLIS))));
  }

  /** What else is known of how a key rotates is not described, and stays. */
  private static EnableKeyRotationRequest rotation(KmsKey key, int days) {
    Optional<UseLimit> limit = key.rotation().flatMap(RotationSchedule::limit);
    return new EnableKeyRotationRequest(
        key.arn(),
        days,
        key.spec().type() != KeyType.SYMMETRIC && RotationRules.overlaps(key),
        limit.map(UseLimit::maxMessages).filter(most -> most > 0),
        limit.map(UseLimit::maxBytes).filter(most -> most > 0));
  }

  private static String period(int days) {
    return days == 0 ? "" : String.valueOf(days);
  }

  private static Step step(
      Call call, String member, String before, String after, UnaryOperator<KmsKey> work) {
    return new Step(
        call, new EnsureKeyResult.Change(call.operation(), member, before, after), work);
  }
}
