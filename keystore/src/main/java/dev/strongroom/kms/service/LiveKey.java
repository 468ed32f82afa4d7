// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A KMS key as the hot path needs it: with its compiled policy, the decisions made so far, and its
 * ciphers. Replaced as a whole when the key changes, so that no decision outlives its policy.
 */
final class LiveKey {
  private static final int MAX_CALLERS = 1024;

  private final KmsKey key;
  private final KeyMetadata metadata;
  private final Authorizer authorizer;
  private final Map<Long, GenerationKeys> generations;
  private final GenerationKeys current;
  private final ConcurrentMap<Caller, ConcurrentMap<Operation, Decision>> decisions =
      new ConcurrentHashMap<>();

  /** A generation with its name as text and its ciphers; symmetric keys only have those. */
  record GenerationKeys(Generation generation, String materialId, BlobKeys blobs) {}

  /** {@code generations} are by the prefix of their key material id. */
  LiveKey(
      KmsKey key,
      KeyMetadata metadata,
      Authorizer authorizer,
      Map<Long, GenerationKeys> generations) {
    this.key = key;
    this.metadata = metadata;
    this.authorizer = authorizer;
    this.generations = Map.copyOf(generations);
    this.current = generation(key.current().materialId().prefix());
  }

  KmsKey key() {
    return key;
  }

  KeyMetadata metadata() {
    return metadata;
  }

  GenerationKeys current() {
    return current;
  }

  /**
   * @throws KmsException.InvalidCiphertext if the key has no such generation
   */
  GenerationKeys generation(long materialPrefix) {
    GenerationKeys found = generations.get(materialPrefix);
    if (found == null) {
      throw new KmsException.InvalidCiphertext();
    }
    return found;
  }

  /** Returns whether the caller may do that; from the cache where it was decided before. */
  Decision decide(Caller caller, Operation operation) {
    ConcurrentMap<Operation, Decision> known = decisions.get(caller);
    if (known != null) {
      Decision decision = known.get(operation);
      if (decision != null) {
        return decision;
      }
    }
    Decision decision = authorizer.decide(caller, operation);
    if (decisions.size() >= MAX_CALLERS) {
      decisions.clear();
    }
    decisions.computeIfAbsent(caller, any -> new ConcurrentHashMap<>()).put(operation, decision);
    return decision;
  }
}
