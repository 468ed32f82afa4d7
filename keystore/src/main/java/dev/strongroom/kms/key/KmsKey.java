// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
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

/**
 * A KMS key with all that belongs to it, as one immutable value: a change makes a new one, and the
 * store takes it only if nobody else changed the key meanwhile.
 *
 * @param subkeyCache whether subkeys derived from the backing key may stay in the JVM for minutes
 * @param pkcs1Decryption whether an RSA key decrypts RSAES-PKCS1-v1_5 as well as RSAES-OAEP
 * @param deletionDate when the key is due to be destroyed, if it is pending deletion
 * @param rotation when it rotates by itself; empty where it does not
 * @param generations the key material, oldest first; the last one is current; never empty
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
    KeyState state,
    KeyOrigin origin,
    ProtectionLevel level,
    boolean subkeyCache,
    boolean pkcs1Decryption,
    String description,
    Instant creationDate,
    Optional<Instant> deletionDate,
    Optional<RotationSchedule> rotation,
    List<Generation> generations,
    String policy,
    Optional<String> approvalRule,
    List<NamedAlias> aliases,
    Map<String, String> tags,
    List<DerCertificate> certificateChain,
    long revision) {

  public KmsKey {
    if (generations.isEmpty()) {
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

  /** Returns the key material that encrypts and signs. */
  public Generation current() {
    return generations.get(generations.size() - 1);
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
    return with(copy -> copy.generations = all);
  }

  public KmsKey withRotation(Optional<RotationSchedule> schedule) {
    return with(copy -> copy.rotation = schedule);
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
      this.state = key.state;
      this.deletionDate = key.deletionDate;
      this.rotation = key.rotation;
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
