// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyState;
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
import dev.strongroom.kms.key.RotationSchedule;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
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
  private final @Nullable GenerationKeys current;
  private final long expiryMillis;
  private final BooleanSupplier available;
  private final UseCounts counts;
  private final boolean isCounted;

  /** A generation with its name as text and its ciphers; symmetric keys only have those. */
  record GenerationKeys(Generation generation, String materialId, BlobKeys blobs) {}

  /**
   * Makes one.
   *
   * @param generations by the prefix of their key material id
   * @param available whether what the key lives in is connected
   */
  LiveKey(
      KmsKey key,
      KeyMetadata metadata,
      Authorizer authorizer,
      Map<Long, GenerationKeys> generations,
      BooleanSupplier available,
      UseCounts counts) {
    this.available = available;
    this.counts = counts;
    this.isCounted = key.rotation().flatMap(RotationSchedule::limit).isPresent();
    this.key = key;
    this.metadata = metadata;
    this.facts = facts(key);
    this.decisions = new DecisionCache(authorizer);
    this.generations = Map.copyOf(generations);
    this.current =
        key.currentIfAny().map(now -> this.generations.get(now.materialId().prefix())).orElse(null);
    this.expiryMillis = key.nextExpiry().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
  }

  /** Returns whether no material has expired since the key was read. */
  boolean isFresh(Clock clock) {
    return expiryMillis == Long.MAX_VALUE || clock.millis() < expiryMillis;
  }

  /** Returns what policies can ask about a key. */
  static KeyFacts facts(KmsKey key) {
    return new KeyFacts(
        key.arn(),
        key.spec(),
        key.usage(),
        key.origin(),
        key.multiRegion().map(regions -> regions.typeIn(key.arn().place().region())),
        key.aliases().stream().map(KmsKey.NamedAlias::alias).toList(),
        key.tags());
  }

  KmsKey key() {
    return key;
  }

  KeyMetadata metadata() {
    return isAvailable() || key.state() == KeyState.PENDING_DELETION
        ? metadata
        : metadata.withState(KeyState.UNAVAILABLE);
  }

  /** Returns whether the key can be reached, whatever its own state; true of most keys always. */
  boolean isAvailable() {
    return available.getAsBoolean();
  }

  /**
   * @throws KmsException.InvalidState if none was imported yet
   */
  GenerationKeys current() {
    return current == null ? generation(key.current().materialId().prefix()) : current;
  }

  /**
   * @throws KmsException.InvalidCiphertext if the key has no such generation
   * @throws KmsException.InvalidState if its material was imported and is not there
   */
  GenerationKeys generation(long materialPrefix) {
    GenerationKeys found = generations.get(materialPrefix);
    if (found == null) {
      throw new KmsException.InvalidCiphertext();
    }
    if (!found.generation().isUsable()) {
      throw new KmsException.InvalidState(
          "The ciphertext was made with the key material "
              + found.materialId()
              + " of "
              + key.arn()
              + ", which was deleted or has expired. Import it again with 'kms"
              + " import-key-material --import-type EXISTING_KEY_MATERIAL'; the key itself works"
              + " on.");
    }
    return found;
  }

  /**
   * Returns the name of the generation that a call is about; of an unknown one, the current; null
   * where none was imported yet.
   */
  @Nullable String materialId(Call call) {
    GenerationKeys named =
        call.materialPrefix() == Call.CURRENT ? null : generations.get(call.materialPrefix());
    GenerationKeys found = named == null ? current : named;
    return found == null ? null : found.materialId();
  }

  /** Counts a message of so many bytes that is encrypted, signed or given a MAC now. */
  void countUse(long bytes) {
    if (isCounted) {
      counts.count(key, bytes);
    }
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
