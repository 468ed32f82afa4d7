// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the keys that calls name, as callers of an account name them. Decides nothing: nothing of a
 * key may be told before the {@link Gate} let the call through. Thread-safe.
 */
final class NamedKeys {
  private final KeyCache keys;
  private final GrantTokens tokens;

  NamedKeys(KeyCache keys, GrantTokens tokens) {
    this.keys = keys;
    this.tokens = tokens;
  }

  /** Returns a key that there must be. */
  LiveKey get(KeyArn arn) {
    return keys.find(arn.keyId())
        .orElseThrow(() -> new KmsException.NotFound("There is no key " + arn.text() + "."));
  }

  /** An id alone names a key of the caller's account, unless it stands in a ciphertext. */
  Optional<LiveKey> named(Call call, KeyRef ref) {
    Optional<LiveKey> found = find(call, ref);
    return ref instanceof KeyId && !call.keyOfCiphertext()
        ? found.filter(key -> !isForeign(call, key))
        : found;
  }

  Optional<LiveKey> find(Call call, KeyRef ref) {
    return keys.find(ref, call.caller().accountId());
  }

  /** Returns whether a key is of another account than whoever calls. */
  static boolean isForeign(Call call, LiveKey key) {
    return !key.key().arn().place().account().equals(call.caller().accountId());
  }

  /**
   * Returns the ARN of a key of the caller's own account; for calls that were let through already.
   */
  Optional<KeyArn> arnOf(Call call, KeyRef ref) {
    return find(call, ref).filter(key -> !isForeign(call, key)).map(key -> key.key().arn());
  }

  /** Returns whether two references of a call name the same key; false for unknown ones. */
  boolean isSameKey(Call call, KeyRef one, KeyRef other) {
    Optional<KeyId> id = find(call, one).map(live -> live.key().keyId());
    return id.isPresent() && id.equals(find(call, other).map(live -> live.key().keyId()));
  }

  /**
   * Returns the key as the grant tokens of the call let it be known, and what they say of others.
   *
   * @throws KmsException.InvalidGrantToken if one of them is none
   */
  Optional<LiveKey> withGrantTokens(Call call, KeyRef ref) {
    Optional<LiveKey> found = named(call, ref);
    List<String> presented = call.caller().grantTokens();
    return presented.isEmpty() ? found : tokens.admit(presented, found);
  }

  /**
   * Returns a call on two keys with the grant tokens that are for that key, or those that are not.
   *
   * @throws KmsException.InvalidGrantToken if one of them is none
   */
  Call presentingFor(Call call, KeyRef ref, boolean wanted) {
    List<String> presented = call.caller().grantTokens();
    Optional<KeyId> id =
        presented.isEmpty() ? Optional.empty() : find(call, ref).map(live -> live.key().keyId());
    return id.isEmpty()
        ? call
        : call.by(call.caller().presenting(tokens.about(id.get(), wanted, presented)));
  }
}
