// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.ProtectionLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A KMS key with all that belongs to it, as one immutable value: a change makes a new one, and the
 * store takes it only if nobody else changed the key meanwhile.
 *
 * @param subkeyCache whether subkeys derived from the backing key may stay in the JVM for minutes
 * @param pkcs1Decryption whether an RSA key decrypts RSAES-PKCS1-v1_5 as well as RSAES-OAEP
 * @param deletionDate when the key is due to be destroyed, if it is pending deletion
 * @param rotation when it rotates by itself; empty where it does not
 * @param ownState what was done to the key; {@link #state} looks at its material as well
 * @param multiRegion in which regions it is; empty for a key of one region for good
 * @param generations the key material, oldest first; the last one that does not wait for a rotation
 *     is current; empty only where material is to be imported
 * @param policy the key policy in JSON
 * @param approvalRule what has to be approved by whom, in JSON; empty where nothing has
 * @param aliases the names of the key in order
 * @param tags in order of their keys; up to 50
 * @param certificateChain DER certificates of the KeyStore entry, the key's own first; may be empty
 * @param revision the store's revision at which the key was last changed; 0 for one not yet stored
 */
public record KmsKey(
    KeyArn arn,
    CmkSpec spec,
    KeyUsage usage,
    KeyState ownState,
    KeyOrigin origin,
    ProtectionLevel level,
    boolean subkeyCache,
    boolean pkcs1Decryption,
    String description,
    Instant creationDate,
    Optional<Instant> deletionDate,
    Optional<RotationSchedule> rotation,
    Optional<MultiRegion> multiRegion,
    List<Generation> generations,
    String policy,
    Optional<String> approvalRule,
    List<NamedAlias> aliases,
    Map<String, String> tags,
    List<DerCertificate> certificateChain,
    long revision) {

  public KmsKey {
    if (generations.isEmpty() && origin != KeyOrigin.EXTERNAL) {
      throw new IllegalArgumentException("KMS key " + arn + " has no key material.");
    }
    generations = List.copyOf(generations);
    aliases = aliases.stream().sorted(Comparator.comparing(named -> named.alias().name())).toList();
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    certificateChain = List.copyOf(certificateChain);
  }

  /** An alias with the times that ListAliases shows. */
  public record NamedAlias(Alias alias, Instant creationDate, Instant lastUpdatedDate) {}

  public KeyId keyId() {
    return arn.keyId();
  }

  /** Returns where the key is in its life. Without its current material it waits for that. */
  public KeyState state() {
    boolean isComplete = currentIfAny().filter(Generation::isUsable).isPresent();
    return isComplete || ownState == KeyState.PENDING_DELETION ? ownState : KeyState.PENDING_IMPORT;
  }

  /**
   * Returns the key material that encrypts and signs.
   *
   * @throws KmsException.InvalidState if none was imported yet
   */
  public Generation current() {
    return currentIfAny().orElseThrow(this::neverImported);
  }

  /** Returns the failure of what needs material of a key that never had any. */
  public KmsException.InvalidState neverImported() {
    return new KmsException.InvalidState(
        arn
            + " is pending import: it never had key material. Bring some with 'kms"
            + " get-parameters-for-import' and 'kms import-key-material'.");
  }

  /** Returns the key material that encrypts and signs, whether it is there or not. */
  public Optional<Generation> currentIfAny() {
    for (int i = generations.size() - 1; i >= 0; i--) {
      if (!generations.get(i).isPendingRotation()) {
        return Optional.of(generations.get(i));
      }
    }
    return Optional.empty();
  }

  /** Returns the imported material that waits to become current. */
  public Optional<Generation> pendingRotation() {
    return generations.stream().filter(Generation::isPendingRotation).findFirst();
  }

  /** Returns the generations that can have been used, the current one first. */
  public List<Generation> newestFirst() {
    List<Generation> all = new ArrayList<>(generations);
    all.removeIf(Generation::isPendingRotation);
    Collections.reverse(all);
    return all;
  }

  /** Returns whether it ever had other material than it has now. */
  public boolean wasRotated() {
    return generations.stream().anyMatch(generation -> generation.rotation().isPresent());
  }

  /** Returns the generation of that name. */
  public Optional<Generation> generation(KeyMaterialId id) {
    return generations.stream().filter(each -> each.materialId().equals(id)).findFirst();
  }

  /** Returns the key as it is at that time: material that has expired is not usable. */
  public KmsKey asOf(Instant now) {
    return origin == KeyOrigin.EXTERNAL ? withEach(generation -> generation.asOf(now)) : this;
  }

  /** Returns when the first of its usable material expires; empty for never. */
  public Optional<Instant> nextExpiry() {
    return earliest(
        material -> material.isUsable() ? material.validTo() : Optional.<Instant>empty());
  }

  /** Returns when the first of its deleted material is destroyed; empty where none is held. */
  public Optional<Instant> nextDestruction() {
    return earliest(ImportedMaterial::destructionDate);
  }

  private Optional<Instant> earliest(Function<ImportedMaterial, Optional<Instant>> date) {
    return generations.stream()
        .flatMap(generation -> generation.imported().stream())
        .flatMap(material -> date.apply(material).stream())
        .min(Comparator.naturalOrder());
  }

  /** Returns the imported material that is to be destroyed at that time. */
  public List<Generation> dueMaterial(Instant until) {
    return generations.stream().filter(generation -> generation.isDue(until)).toList();
  }

  /** Returns the key without that material. */
  public KmsKey withoutDueMaterial(Instant until) {
    return without(generation -> generation.isDue(until));
  }

  /** Returns the key without the material of one of its generations. */
  public KmsKey withoutMaterial(Generation one) {
    return without(generation -> generation.materialId().equals(one.materialId()));
  }

  private KmsKey without(Predicate<Generation> goes) {
    List<Generation> left = new ArrayList<>();
    for (Generation generation : generations) {
      if (!goes.test(generation)) {
        left.add(generation);
      } else if (!generation.isPendingRotation()) {
        left.add(generation.withoutMaterial());
      } // nothing was ever encrypted with what waits for a rotation: nothing stays of it
    }
    return with(copy -> copy.generations = left);
  }

  /** Returns the key with one generation in the place of that of the same name. */
  public KmsKey withGeneration(Generation changed) {
    return withEach(each -> each.materialId().equals(changed.materialId()) ? changed : each);
  }

  private KmsKey withEach(UnaryOperator<Generation> change) {
    List<Generation> all = generations.stream().map(change).toList();
    return with(copy -> copy.generations = all);
  }

  /** Returns where its material lives, if that is a custom key store; unknown of a listed key. */
  public Optional<StoredObject> storedObject() {
    return level == ProtectionLevel.CUSTOM_KEY_STORE && current().token().length > 0
        ? Optional.of(StoredObject.decode(KeyToken.decode(current().token()).body()))
        : Optional.empty();
  }

  public KmsKey withState(KeyState newState) {
    return with(copy -> copy.state = newState);
  }

  /** Returns the key on its way to its deletion, and unusable. */
  public KmsKey pendingDeletion(Instant date) {
    return with(
        copy -> {
          copy.state = KeyState.PENDING_DELETION;
          copy.deletionDate = Optional.of(date);
        });
  }

  /** Returns the key kept, and unusable until somebody enables it. */
  public KmsKey kept() {
    return with(
        copy -> {
          copy.state = KeyState.DISABLED;
          copy.deletionDate = Optional.empty();
        });
  }

  /** Returns the key with another generation of its material, which is current from now on. */
  public KmsKey rotated(Generation newest) {
    List<Generation> all = new ArrayList<>(generations);
    all.add(newest);
    return with(
        copy -> {
          copy.generations = all;
          copy.rotation =
              rotation.map(schedule -> schedule.withLimit(schedule.limit().map(UseLimit::fresh)));
        });
  }

  public KmsKey withRotation(Optional<RotationSchedule> schedule) {
    return with(copy -> copy.rotation = schedule);
  }

  public KmsKey withMultiRegion(MultiRegion newRegions) {
    return with(copy -> copy.multiRegion = Optional.of(newRegions));
  }

  /** Returns the key with these generations in the place of those that it has. */
  public KmsKey withGenerations(List<Generation> all) {
    return with(copy -> copy.generations = all);
  }

  public KmsKey withPkcs1Decryption(boolean allowed) {
    return with(copy -> copy.pkcs1Decryption = allowed);
  }

  public KmsKey withDescription(String text) {
    return with(copy -> copy.description = text);
  }

  public KmsKey withPolicy(String json) {
    return with(copy -> copy.policy = json);
  }

  public KmsKey withApprovalRule(Optional<String> json) {
    return with(copy -> copy.approvalRule = json);
  }

  public KmsKey withAliases(List<NamedAlias> names) {
    return with(copy -> copy.aliases = names);
  }

  public KmsKey withTags(Map<String, String> newTags) {
    return with(copy -> copy.tags = newTags);
  }

  public KmsKey withCertificateChain(List<DerCertificate> chain) {
    return with(copy -> copy.certificateChain = chain);
  }

  public KmsKey withRevision(long newRevision) {
    return with(copy -> copy.revision = newRevision);
  }

  private KmsKey with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return new KmsKey(
        arn,
        spec,
        usage,
        copy.state,
        origin,
        level,
        subkeyCache,
        copy.pkcs1Decryption,
        copy.description,
        creationDate,
        copy.deletionDate,
        copy.rotation,
        copy.multiRegion,
        copy.generations,
        copy.policy,
        copy.approvalRule,
        copy.aliases,
        copy.tags,
        copy.certificateChain,
        copy.revision);
  }

  /** What changes in the life of a key. */
  private static final class Copy {
    private KeyState state;
    private Optional<Instant> deletionDate;
    private Optional<RotationSchedule> rotation;
    private Optional<MultiRegion> multiRegion;
    private List<Generation> generations;
    private boolean pkcs1Decryption;
    private String description;
    private String policy;
    private Optional<String> approvalRule;
    private List<NamedAlias> aliases;
    private Map<String, String> tags;
    private List<DerCertificate> certificateChain;
    private long revision;

    Copy(KmsKey key) {
      this.state = key.ownState;
      this.deletionDate = key.deletionDate;
      this.rotation = key.rotation;
      this.multiRegion = key.multiRegion;
      this.generations = key.generations;
      this.pkcs1Decryption = key.pkcs1Decryption;
      this.description = key.description;
      this.policy = key.policy;
      this.approvalRule = key.approvalRule;
      this.aliases = key.aliases;
      this.tags = key.tags;
      this.certificateChain = key.certificateChain;
      this.revision = key.revision;
    }
  }
}
