// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.crypto.BlobOpener;
import dev.strongroom.kms.crypto.BlobSealer;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.StoredObject;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.metrics.SubkeyCounters;
import dev.strongroom.kms.storage.GrantStorage.KeyWithGrants;
import dev.strongroom.kms.storage.KeyGrants;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keys as the store has them, read when first asked for and kept until they change.
 *
 * <p><b>Never stale.</b> Whoever reads a key from the store notes the count of changes before and
 * puts the key here only if it is still the same afterwards; a notice of change counts first and
 * removes then. So a key that was read before a change cannot be put here after it.
 *
 * <p>Thread-safe; a hit takes no lock.
 */
final class KeyCache {
  private final KeyStorage storage;
  private final BackingKeys backingKeys;
  private final RandomBytes random;
  private final String region;
  private final SubkeyCounters counters;
  private final Clock clock;
  private final Predicate<String> connected;
  private final UseCounts counts;

  /** Of the accounts that call: making one checks its form, which not every call shall do. */
  private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();

  private final ConcurrentMap<KeyId, LiveKey> keys = new ConcurrentHashMap<>();
  private final ConcurrentMap<AliasArn, KeyId> aliases = new ConcurrentHashMap<>();
  private final ConcurrentMap<KeyId, Compiled> compiled = new ConcurrentHashMap<>();
  private final ConcurrentMap<KeyMaterialId, BlobKeys> blobs = new ConcurrentHashMap<>();

  /** Of keys that were read: what to forget when they are destroyed. */
  private final ConcurrentMap<KeyId, Set<KeyMaterialId>> materials = new ConcurrentHashMap<>();

  /** Of these the keys whose material was made elsewhere, and can be deleted. */
  private final Set<KeyId> imported = ConcurrentHashMap.newKeySet();

  private final AtomicLong changes = new AtomicLong();

  /** What was made of a key and outlives its changes: most of them change neither. */
  private record Compiled(KeyPolicy policy, KeyGrants grants) {}

  /** {@code connected} says of custom key stores whether they are. */
  KeyCache(
      KeyStorage storage,
      BackingKeys backingKeys,
      RandomBytes random,
      String region,
      SubkeyCounters counters,
      Clock clock,
      Predicate<String> connected,
      UseCounts counts) {
    this.connected = connected;
    this.counts = counts;
    this.storage = storage;
    this.backingKeys = backingKeys;
    this.random = random;
    this.region = region;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Does nothing while what is kept here is known to be what the store has.
   *
   * @throws KmsException.StoreUnavailable with the reason
   * @throws KmsException.StoreTampered if the store was found altered
   */
  void requireReachable() {
    storage.requireReachable();
  }

  /**
   * Returns the key that {@code ref} names for callers of an account, or empty where there is none
   * of this region. A key of another account is found by its id, too: whether that names it for
   * them is for the {@link Gate} to say.
   */
  Optional<LiveKey> find(KeyRef ref, String account) {
    if (ref instanceof KeyId id) {
      return find(id);
    }
    if (ref instanceof KeyArn arn) {
      return find(arn.keyId()).filter(live -> live.key().arn().equals(arn));
    }
    AliasArn arn =
        ref instanceof Alias alias
            ? new AliasArn(places.computeIfAbsent(account, id -> new Place(region, id)), alias)
            : (AliasArn) ref;
    return arn.place().region().equals(region)
        ? resolve(arn).flatMap(this::find)
        : Optional.empty();
  }

  /** Returns the key of that id, of whatever account. */
  Optional<LiveKey> find(KeyId id) {
    LiveKey known = keys.get(id);
    if (known != null && known.isFresh(clock)) {
      return Optional.of(known);
    }
    while (true) {
      long before = changes.get();
      Optional<LiveKey> read = read(id);
      read.ifPresent(key -> keys.put(id, key));
      if (changes.get() == before) {
        return read;
      }
      keys.remove(id);
    }
  }

  private Optional<LiveKey> read(KeyId id) {
    Compiled known = compiled.get(id);
    KeyGrants before = known == null ? KeyGrants.UNKNOWN : known.grants();
    return storage.grants().findKey(id, before).map(found -> live(found, known));
  }

  /**
   * Returns a key as it is in the store now, whatever was heard of changes. One that did not change
   * stays as it is, with all that was decided about it: whoever asks needs no right to it.
   */
  Optional<LiveKey> findNow(KeyId id) {
    LiveKey known = keys.get(id);
    if (known != null && !isCurrent(known)) {
      changed(Set.of(id));
    }
    return find(id);
  }

  private boolean isCurrent(LiveKey known) {
    KeyId id = known.key().keyId();
    Compiled made = compiled.get(id);
    KeyGrants before = made == null ? KeyGrants.UNKNOWN : made.grants();
    return storage
        .grants()
        .findKey(id, before)
        .filter(now -> now.key().revision() == known.key().revision())
        .filter(now -> now.grants().set() == known.grants())
        .isPresent();
  }

  private Optional<KeyId> resolve(AliasArn alias) {
    KeyId known = aliases.get(alias);
    if (known != null) {
      return Optional.of(known);
    }
    while (true) {
      long before = changes.get();
      Optional<KeyId> read = storage.resolve(alias.place().account(), alias.alias());
      read.ifPresent(id -> aliases.put(alias, id));
      if (changes.get() == before) {
        return read;
      }
      aliases.remove(alias);
    }
  }

  private LiveKey live(KeyWithGrants found, @Nullable Compiled known) {
    KmsKey key = found.key().asOf(clock.instant());
    Map<Long, LiveKey.GenerationKeys> generations = new HashMap<>();
    for (Generation generation : key.generations()) {
      BlobKeys blobKeys = kept(key, generation);
      generations.put(
          generation.materialId().prefix(),
          new LiveKey.GenerationKeys(generation, generation.materialId().text(), blobKeys));
    }
    remember(key);
    KeyPolicy policy = policy(key, known);
    compiled.put(key.keyId(), new Compiled(policy, found.grants()));
    Authorizer authorizer =
        Authorizer.ofKey(policy, key.arn().place().account(), found.grants().set());
    BooleanSupplier available =
        key.storedObject()
            .<BooleanSupplier>map(object -> () -> connected.test(object.store()))
            .orElse(KeyCache::always);
    return new LiveKey(key, metadata(key), authorizer, generations, available, counts);
  }

  private static boolean always() {
    return true;
  }

  /** Material that waited for a rotation goes without a trace. */
  private void remember(KmsKey key) {
    Set<KeyMaterialId> now =
        key.generations().stream().map(Generation::materialId).collect(Collectors.toSet());
    Set<KeyMaterialId> before = materials.put(key.keyId(), now);
    if (key.origin() == KeyOrigin.EXTERNAL) {
      imported.add(key.keyId());
    }
    if (before != null) {
      before.stream().filter(material -> !now.contains(material)).forEach(this::forget);
    }
  }

  private static KeyPolicy policy(KmsKey key, @Nullable Compiled known) {
    return known != null && known.policy().text().equals(key.policy())
        ? known.policy()
        : KeyPolicy.stored(key.policy());
  }

  /** Of what cannot be opened nothing is kept: once it is back, it has another token. */
  private BlobKeys kept(KmsKey key, Generation generation) {
    if (!generation.isUsable()) {
      forget(generation.materialId());
      return blobs(key, generation);
    }
    return blobs.computeIfAbsent(generation.materialId(), id -> blobs(key, generation));
  }

  private BlobKeys blobs(KmsKey key, Generation generation) {
    return new BlobKeys(
        new BlobSealer(
            key.keyId(),
            generation.materialId(),
            () -> backingKeys.open(key, generation),
            random,
            System::nanoTime,
            counters),
        new BlobOpener(() -> backingKeys.open(key, generation), System::nanoTime, counters));
  }

  KeyMetadata metadata(KmsKey stored) {
    KmsKey key = stored.asOf(clock.instant());
    Optional<Generation> current = key.currentIfAny();
    Optional<ImportedMaterial> imported = current.flatMap(Generation::imported);
    return new KeyMetadata(
        key.arn(),
        key.spec(),
        key.usage(),
        key.state(),
        key.origin(),
        key.level(),
        key.description(),
        key.creationDate(),
        key.deletionDate(),
        imported.flatMap(ImportedMaterial::expirationModel),
        imported.filter(ImportedMaterial::isUsable).flatMap(ImportedMaterial::validTo),
        key.multiRegion(),
        key.pkcs1Decryption(),
        current.map(generation -> generation.materialId().text()).orElse(""),
        key.storedObject().map(StoredObject::store),
        backingKeys.wrapPolicy(key));
  }

  /** Forgets keys that were changed; the next call reads them again. */
  void changed(Set<KeyId> ids) {
    changes.incrementAndGet();
    aliases.values().removeIf(ids::contains);
    ids.forEach(keys::remove);
  }

  /**
   * Reads keys of imported material again at once: what of it is no longer there must not stay in
   * memory until somebody asks.
   */
  void refreshImported(Set<KeyId> ids) {
    ids.stream().filter(imported::contains).forEach(this::refreshImported);
  }

  private void refreshImported(KeyId id) {
    try {
      find(id);
    } catch (KmsException e) {
      // The next call on the key says why; until then nobody can use what is forgotten here.
      materials.getOrDefault(id, Set.of()).forEach(this::forget);
    }
  }

  /** Wipes what is in memory of the material of keys that are gone. */
  void destroyed(Set<KeyId> ids) {
    for (KeyId id : ids) {
      compiled.remove(id);
      imported.remove(id);
      Set<KeyMaterialId> known = materials.remove(id);
      if (known != null) {
        known.forEach(this::forget);
      }
    }
  }

  /** Wipes what is in memory of keys that cannot be reached now. */
  void forgetUnavailable() {
    for (LiveKey key : keys.values()) {
      if (!key.isAvailable()) {
        key.key().generations().forEach(generation -> wipe(generation.materialId()));
      }
    }
  }

  /** The ciphers stay, since keys that are in use hold them; they derive their subkeys anew. */
  private void wipe(KeyMaterialId material) {
    BlobKeys known = blobs.get(material);
    if (known != null) {
      known.forget();
    }
    backingKeys.forget(material);
  }

  private void forget(KeyMaterialId material) {
    BlobKeys known = blobs.remove(material);
    if (known != null) {
      known.forget();
    }
    backingKeys.forget(material);
  }

  /** Returns how many subkeys are in the JVM. */
  int subkeys() {
    return blobs.values().stream().mapToInt(BlobKeys::subkeys).sum();
  }

  /** Wipes subkeys that are older than they may be. */
  void expireSubkeys() {
    blobs.values().forEach(BlobKeys::expire);
  }

  /** Wipes all subkeys and forgets everything. */
  void clear() {
    changes.incrementAndGet();
    keys.clear();
    aliases.clear();
    compiled.clear();
    materials.clear();
    imported.clear();
    blobs.values().forEach(BlobKeys::forget);
    blobs.clear();
  }
}
