// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** DescribeKey, ListKeys and what changes a key as a whole; {@link KeyCreation} makes them. */
final class KeyAdministration {

  private static final int MAX_DESCRIPTION = 8192;

  private final Gate gate;
  private final ApprovalGate guarded;
  private final PolicyChecks checks;
  private final KeyStorage storage;
  private final KeyChanges changes;

  KeyAdministration(
      Gate gate,
      ApprovalGate guarded,
      PolicyChecks checks,
      KeyStorage storage,
      KeyChanges changes) {
    this.gate = gate;
    this.guarded = guarded;
    this.checks = checks;
    this.storage = storage;
    this.changes = changes;
  }

  static void requireDescription(String description) {
    if (description.length() > MAX_DESCRIPTION) {
      throw new KmsException.Validation(
          "The description has " + description.length() + " characters; at most 8192 are allowed.");
    }
  }

  KeyMetadata describe(Caller caller, KeyRef ref) {
    return gate.run(Call.of(caller, Operation.DESCRIBE_KEY), ref, null, LiveKey::metadata);
  }

  Kms.Page<KeyId> list(Caller caller, @Nullable String marker, int limit) {
    return gate.run(
        Call.of(caller, Operation.LIST_KEYS),
        () -> {
          Optional<KeyId> after = Optional.ofNullable(marker).map(Pages::keyId);
          return Pages.of(
              storage.listKeys(caller.accountId(), after, Pages.requireLimit(limit) + 1),
              limit,
              KeyId::text);
        });
  }

  void updateDescription(Caller caller, KeyRef ref, String description) {
    requireDescription(description);
    change(
        Call.of(caller, Operation.UPDATE_KEY_DESCRIPTION, Map.of("description", description)),
        ref,
        key -> key.withDescription(description));
  }

  void updatePkcs1Decryption(Caller caller, KeyRef ref, boolean allowed) {
    change(
        Call.of(
            caller,
            Operation.UPDATE_PKCS1_DECRYPTION,
            Map.of("pkcs1Decryption", String.valueOf(allowed))),
        ref,
        key -> {
          if (key.spec().type() != KeyType.RSA || key.usage() != KeyUsage.ENCRYPT_DECRYPT) {
            throw new KmsException.Validation(
                key.arn()
                    + " does not decrypt RSA, so there is nothing to allow. Name a key of spec"
                    + " RSA_2048, RSA_3072 or RSA_4096 with the usage ENCRYPT_DECRYPT.");
          }
          if (allowed) {
            RotationRules.requireOneGeneration(key);
          }
          return key.withPkcs1Decryption(allowed);
        });
  }

  void enable(Caller caller, KeyRef ref) {
    change(Call.of(caller, Operation.ENABLE_KEY), ref, key -> key.withState(KeyState.ENABLED));
  }

  void disable(Caller caller, KeyRef ref) {
    change(Call.of(caller, Operation.DISABLE_KEY), ref, key -> key.withState(KeyState.DISABLED));
  }

  String getPolicy(Caller caller, KeyRef ref) {
    return gate.run(
        Call.of(caller, Operation.GET_KEY_POLICY), ref, null, live -> live.key().policy());
  }

  void putPolicy(Caller caller, KeyRef ref, String text) {
    KeyPolicy policy = KeyPolicy.parse(text);
    change(
        Call.of(caller, Operation.PUT_KEY_POLICY, ApprovalProposal.putKeyPolicy(text).parameters()),
        ref,
        key -> {
          checks.requireNoLockout(caller, LiveKey.facts(key), policy);
          return key.withPolicy(policy.text());
        });
  }

  /** Changes a key as it is in the store now; tries again where somebody else was faster. */
  void change(Call call, KeyRef ref, UnaryOperator<KmsKey> change) {
    change(call, ref, live -> true, (key, first) -> change.apply(key));
  }

  /**
   * Does the same after something that others need not wait for.
   *
   * @param first is done once, and its result is returned; what it throws fails the call. Of a dry
   *     run it must leave out what would last
   * @param change is given that result
   */
  <T> T change(
      Call call, KeyRef ref, Function<LiveKey, T> first, BiFunction<KmsKey, T, KmsKey> change) {
    return change(call, ref, first, change, result -> {});
  }

  /**
   * Does the same.
   *
   * @param last is done when the change is durable, and must not throw but for the trail
   */
  <T> T change(
      Call call,
      KeyRef ref,
      Function<LiveKey, T> first,
      BiFunction<KmsKey, T, KmsKey> change,
      Consumer<T> last) {
    return guarded.runChange(
        call,
        ref,
        null,
        (live, approved) -> {
          T result = first.apply(live);
          changes.change(
              call,
              live.key(),
              approved.stream().toList(),
              key -> {
                KeyChanges.requireSameRule(live.key(), key);
                KeyChanges.requireState(call.operation(), key);
                return change.apply(key, result);
              });
          if (!call.isDryRun()) {
            last.accept(result);
          }
          return result;
        });
  }
}
