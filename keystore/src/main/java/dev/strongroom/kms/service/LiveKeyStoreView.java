// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.key.KmsKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The KeyStore's view as an immutable snapshot that changes replace: reading takes no lock and does
 * no I/O.
 */
final class LiveKeyStoreView implements KeyStoreView {

  /** What is shown: names in order, entries by name and by key id, and what is no key's name. */
  private record Snapshot(
      List<String> names,
      Map<String, Entry> byName,
      Map<KeyId, List<Entry>> byKey,
      Map<String, Trusted> trusted) {}

  private final Predicate<KmsKey> shown;
  private final Function<KmsKey, KeyMetadata> metadata;
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), Map.of(), Map.of());

  /**
   * Makes an empty view.
   *
   * @param shown whether the caller may see that key
   * @param metadata what DescribeKey tells of it
   */
  LiveKeyStoreView(Predicate<KmsKey> shown, Function<KmsKey, KeyMetadata> metadata) {
    this.shown = shown;
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
    return now.byKey().getOrDefault(id, List.of()).stream()
        .filter(found -> ref instanceof KeyId || found.metadata().arn().equals(ref))
        .findFirst();
  }

  @Override
  public Optional<Trusted> findTrusted(String name) {
    Snapshot now = snapshot;
    return now.byName().containsKey(name)
        ? Optional.empty()
        : Optional.ofNullable(now.trusted().get(name));
  }

  /**
   * Returns what the alias is shown as. Its short name may be spelled like a key id, an ARN or
   * another alias: whoever asks for those must not get another key, so it keeps its prefix then.
   */
  private static String nameOf(Alias alias) {
    return KeyRef.isReference(alias.shortName()) ? alias.name() : alias.shortName();
  }

  /**
   * Takes keys as they are now in the place of what was shown of them.
   *
   * @param changed the ids that may have changed
   * @param keys those of them that exist
   */
  synchronized void replace(Set<KeyId> changed, Collection<KmsKey> keys) {
    TreeMap<String, Entry> byName = new TreeMap<>(snapshot.byName());
    byName.values().removeIf(entry -> changed.contains(entry.keyId()));
    for (KmsKey key : keys) {
      entries(key).forEach(entry -> byName.put(entry.name(), entry));
    }
    Map<KeyId, List<Entry>> byKey = new HashMap<>();
    byName
        .values()
        .forEach(entry -> byKey.computeIfAbsent(entry.keyId(), id -> new ArrayList<>()).add(entry));
    Map<String, Trusted> trusted = snapshot.trusted();
    snapshot =
        new Snapshot(
            names(byName, trusted),
            Collections.unmodifiableMap(byName),
            Map.copyOf(byKey),
            trusted);
  }

  private static List<String> names(Map<String, Entry> byName, Map<String, Trusted> trusted) {
    TreeSet<String> names = new TreeSet<>(byName.keySet());
    names.addAll(trusted.keySet());
    return List.copyOf(names);
  }

  /** Takes these trusted certificates in the place of all that were shown. */
  synchronized void replaceTrusted(Collection<Trusted> certificates) {
    Map<String, Trusted> trusted = new HashMap<>();
    certificates.forEach(certificate -> trusted.put(certificate.name(), certificate));
    Snapshot now = snapshot;
    snapshot =
        new Snapshot(names(now.byName(), trusted), now.byName(), now.byKey(), Map.copyOf(trusted));
  }

  private List<Entry> entries(KmsKey key) {
    KeyMetadata described = metadata.apply(key);
    if (!described.isEnabled() || !shown.test(key)) {
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
    return new Entry(
        name,
        key.keyId(),
        described,
        key.spec().isAsymmetric()
            ? Optional.of(new SubjectPublicKey(key.current().publicKey()))
            : Optional.empty(),
        key.certificateChain().stream()
            .map(certificate -> new Certificate(certificate.toBytes()))
            .toList(),
        key.creationDate());
  }
}
