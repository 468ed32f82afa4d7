// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.authz.DecisionCache;
import dev.strongroom.kms.authz.Explanation;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A KMS key as the hot path needs it: with its compiled policy, the decisions made so far, and its
 * ciphers. Replaced as a whole when the key changes, so that no decision outlives its policy.
 */
final class LiveKey {
  private final KmsKey key;
  private final KeyMetadata metadata;
  private final KeyFacts facts;
  private final DecisionCache decisions;
  private final Map<Long, GenerationKeys> generations;
  private final GenerationKeys current;

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
    this.facts = facts(key);
    this.decisions = new DecisionCache(authorizer);
    this.generations = Map.copyOf(generations);
    this.current = generation(key.current().materialId().prefix());
  }

  /** Returns what policies can ask about a key. */
  static KeyFacts facts(KmsKey key) {
    return new KeyFacts(
        key.arn(),
        key.spec(),
        key.usage(),
        key.origin(),
        key.aliases().stream().map(KmsKey.NamedAlias::alias).toList(),
        key.tags());
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

  /** Returns the name of the generation that a call is about; of an unknown one, the current. */
  String materialId(Call call) {
    GenerationKeys named =
        call.materialPrefix() == Call.CURRENT ? null : generations.get(call.materialPrefix());
    return (named == null ? current : named).materialId();
  }

  /** Returns the grants of the key as they were when it was read. */
  GrantSet grants() {
    return decisions.authorizer().grants();
  }

  /** Returns what policies can ask about the key. */
  KeyFacts facts() {
    return facts;
  }

  /** Returns the decision with its reasons. */
  Explanation explain(Identity caller, AccessRequest request) {
    return decisions.authorizer().explain(caller, request);
  }

  /** Returns the decision that another policy would make, with its reasons. */
  Explanation explain(KeyPolicy other, Identity caller, AccessRequest request) {
    return Authorizer.ofKey(other, facts.account(), grants()).explain(caller, request);
  }

  /** Returns what {@link DecisionCache#known} does. */
  @Nullable Decision known(Identity caller, Operation operation, EncryptionContext context) {
    return decisions.known(caller, operation, context);
  }

  /** Returns whether the caller may do that; from the cache where it was decided before. */
  Decision decide(Identity caller, AccessRequest request) {
    return decisions.decide(caller, request);
  }
}
