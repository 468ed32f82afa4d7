// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.authz.grant.Segments;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The KeyStore's view as an immutable snapshot that changes replace: reading takes no lock and does
 * no I/O.
 */
final class LiveKeyStoreView implements KeyStoreView {

  /** What is shown: names in order, entries by name and by key id, and what is no key's name. */
  private record Snapshot(
      List<String> names,
      Segments<String, Entry> byName,
      Segments<KeyId, List<Entry>> byKey,
      Map<String, Trusted> trusted) {
    static final Snapshot EMPTY =
        new Snapshot(List.of(), Segments.of(Map.of()), Segments.of(Map.of()), Map.of());

    List<Entry> of(KeyId id) {
      return Objects.requireNonNullElse(byKey.get(id), List.of());
    }

    boolean owns(KeyId id, String name) {
      Entry entry = byName.get(name);
      return entry != null && entry.keyId().equals(id);
    }
  }

  /** Whose view it is: what of the caller's rights is asked about. */
  interface Owner {

    /** Returns whether the caller may see that key. */
    boolean maySee(KmsKey key);

    /** Returns what {@link KeyStoreView#tags} does. */
    Map<String, String> tags(KeyId key);

    /** Does what {@link KeyStoreView#requireLive} does. */
    void requireLive();
  }

  private final Function<KmsKey, KeyMetadata> metadata;
  private final Owner owner;
  private volatile Snapshot snapshot = Snapshot.EMPTY;

  /**
   * Makes an empty view.
   *
   * @param metadata what DescribeKey tells of a key
   */
  LiveKeyStoreView(Owner owner, Function<KmsKey, KeyMetadata> metadata) {
    this.owner = owner;
    this.metadata = metadata;
  }

  @Override
  public List<String> names() {
    return snapshot.names();
  }

  @Override
  public Optional<Entry> find(String name) {
    Snapshot now = snapshot;
    if (!KeyRef.isReference(name)) {
      return Optional.ofNullable(now.byName().get(name));
    }
    KeyRef ref;
    try {
      ref = KeyRef.parse(name);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (ref instanceof Alias alias) {
      return Optional.ofNullable(now.byName().get(nameOf(alias)));
    }
    if (ref instanceof AliasArn arn) {
      return Optional.ofNullable(now.byName().get(nameOf(arn.alias())))
          .filter(found -> found.metadata().arn().place().equals(arn.place()));
    }
    KeyId id = ref instanceof KeyArn arn ? arn.keyId() : (KeyId) ref;
    return now.of(id).stream()
        .filter(found -> ref instanceof KeyId || found.metadata().arn().equals(ref))
        .findFirst();
  }

  @Override
  public Optional<Trusted> findTrusted(String name) {
    Snapshot now = snapshot;
    return now.byName().get(name) != null
        ? Optional.empty()
        : Optional.ofNullable(now.trusted().get(name));
  }

  @Override
  public Map<String, String> tags(KeyId key) {
    return owner.tags(key);
  }

  @Override
  public void requireLive() {
    owner.requireLive();
  }

  /**
   * Returns what the alias is shown as. Its short name may be spelled like a key id, an ARN or
   * another alias: whoever asks for those must not get another key, so it keeps its prefix then.
   */
  private static String nameOf(Alias alias) {
    return KeyRef.isReference(alias.shortName()) ? alias.name() : alias.shortName();
  }

  /**
   * Takes keys as they are now in the place of what was shown of them. Costs a copy of the list of
   * names and little more: of 10,000 keys, some microseconds for one that changed.
   *
   * @param changed the ids that may have changed
   * @param keys those of them that exist
   */
  synchronized void replace(Set<KeyId> changed, Collection<KmsKey> keys) {
    replace(changed, keys, this::entries);
  }

  /**
   * Takes away what is no longer so of what was shown of keys, and shows nothing new. Parameters as
   * {@link #replace(Set, Collection)}.
   */
  synchronized void withdraw(Set<KeyId> changed, Collection<KmsKey> keys) {
    Snapshot old = snapshot;
    replace(
        changed,
        keys,
        key ->
            entries(key).stream()
                .filter(entry -> old.owns(key.keyId(), entry.name()))
                .flatMap(entry -> Stream.ofNullable(old.byName().get(entry.name())))
                .toList());
  }

  private void replace(
      Set<KeyId> changed, Collection<KmsKey> keys, Function<KmsKey, List<Entry>> shown) {
    Snapshot old = snapshot;
    Set<String> gone = new HashSet<>();
    for (KeyId id : changed) {
      old.of(id).stream().map(Entry::name).filter(name -> old.owns(id, name)).forEach(gone::add);
    }
    Map<String, Entry> byName = new HashMap<>();
    Map<KeyId, List<Entry>> byKey = new HashMap<>();
    for (KmsKey key : keys) {
      List<Entry> entries = shown.apply(key);
      if (!entries.isEmpty()) {
        byKey.put(key.keyId(), entries);
      }
      entries.forEach(entry -> byName.put(entry.name(), entry));
    }
    Set<String> unused = new HashSet<>(gone);
    unused.removeAll(byName.keySet());
    unused.removeAll(old.trusted().keySet());
    snapshot =
        new Snapshot(
            names(old.names(), unused, byName.keySet()),
            old.byName().with(gone, byName),
            old.byKey().with(changed, byKey),
            old.trusted());
  }

  /** Takes these trusted certificates in the place of all that were shown. */
  synchronized void replaceTrusted(Collection<Trusted> certificates) {
    Snapshot old = snapshot;
    Map<String, Trusted> trusted = new HashMap<>();
    certificates.forEach(certificate -> trusted.put(certificate.name(), certificate));
    Set<String> unused = new HashSet<>(old.trusted().keySet());
    unused.removeAll(trusted.keySet());
    unused.removeIf(name -> old.byName().get(name) != null);
    snapshot =
        new Snapshot(
            names(old.names(), unused, trusted.keySet()),
            old.byName(),
            old.byKey(),
            Map.copyOf(trusted));
  }

  /** Trusts no certificate any more that is not one of these; trusts none that was not shown. */
  synchronized void withdrawTrusted(Collection<Trusted> certificates) {
    Map<String, Trusted> before = snapshot.trusted();
    replaceTrusted(
        certificates.stream()
            .flatMap(
                now -> Stream.ofNullable(before.get(now.name())).filter(old -> isSame(old, now)))
            .toList());
  }

  private static boolean isSame(Trusted one, Trusted other) {
    return Arrays.equals(one.certificate().der(), other.certificate().der());
  }

  /** Returns the very list of before where the names are the same. */
  private static List<String> names(List<String> before, Set<String> unused, Set<String> used) {
    List<String> names = new ArrayList<>(before);
    boolean same = unused.isEmpty();
    unused.forEach(name -> names.remove(Collections.binarySearch(names, name)));
    for (String name : new TreeSet<>(used)) { // in order, so that many are put at the end
      int place = Collections.binarySearch(names, name);
      if (place < 0) {
        names.add(-place - 1, name);
        same = false;
      }
    }
    return same ? before : Collections.unmodifiableList(names);
  }

  private List<Entry> entries(KmsKey key) {
    KeyMetadata described = metadata.apply(key);
    if (!described.isEnabled() || !owner.maySee(key)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    for (KmsKey.NamedAlias named : key.aliases()) {
      entries.add(entry(nameOf(named.alias()), key, described));
    }
    if (entries.isEmpty()) {
      entries.add(entry(key.keyId().text(), key, described));
    }
    return entries;
  }

  private static Entry entry(String name, KmsKey key, KeyMetadata described) {
    Optional<Generation> certified =
        key.spec().isAsymmetric()
            ? Optional.of(CertificateAdministration.ofEntry(key))
            : Optional.empty();
    return new Entry(
        name,
        key.keyId(),
        certified
            .map(generation -> described.withKeyMaterialId(generation.materialId().text()))
            .orElse(described),
        certified.map(generation -> new SubjectPublicKey(generation.publicKey())),
        key.certificateChain().stream()
            .map(certificate -> new Certificate(certificate.toBytes()))
            .toList(),
        key.creationDate());
  }
}
