// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LiveKeyStoreViewTest {
  private static final Place PLACE = new Place("local", "000000000000");
  private static final Instant NOW = Instant.EPOCH;
  private static final int MANY = 10_000;

  private final LiveKeyStoreView view =
      new LiveKeyStoreView(new Everybody(), LiveKeyStoreViewTest::metadata);

  /** Sees all keys. */
  private static final class Everybody implements LiveKeyStoreView.Owner {
    @Override
    public boolean maySee(KmsKey key) {
      return true;
    }

    @Override
    public Map<String, String> tags(KeyId key) {
      return Map.of();
    }

    @Override
    public void requireLive() {}
  }

  private static KeyMetadata metadata(KmsKey key) {
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
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        key.pkcs1Decryption(),
        key.current().materialId().text(),
        Optional.empty(),
        "open");
  }

  private static KmsKey key(KeyId id, KeyState state, Collection<String> names) {
    return new KmsKey(
        new KeyArn(PLACE, id),
        CmkSpec.SYMMETRIC_DEFAULT,
        KeyUsage.ENCRYPT_DECRYPT,
        state,
        KeyOrigin.AWS_KMS,
        ProtectionLevel.SOFTWARE,
        true,
        false,
        "",
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(new Generation(new KeyMaterialId(new byte[32]), new byte[0], new byte[0], NOW)),
        "",
        Optional.empty(),
        names.stream()
            .map(name -> new KmsKey.NamedAlias(new Alias(Alias.PREFIX + name), NOW, NOW))
            .toList(),
        Map.of(),
        List.of(),
        1);
  }

  private static KeyId id(int number) {
    return new KeyId(new UUID(0x4000, Long.MIN_VALUE + number));
  }

  /** What the view must show, kept in the plainest way. */
  private static Map<String, KeyId> expected(Map<KeyId, KmsKey> keys) {
    Map<String, KeyId> names = new TreeMap<>();
    for (KmsKey key : keys.values()) {
      if (key.state() == KeyState.ENABLED) {
        key.aliases().forEach(named -> names.put(named.alias().shortName(), key.keyId()));
        if (key.aliases().isEmpty()) {
          names.put(key.keyId().text(), key.keyId());
        }
      }
    }
    return names;
  }

  private void assertShows(Map<KeyId, KmsKey> keys) {
    Map<String, KeyId> expected = expected(keys);
    assertEquals(List.copyOf(expected.keySet()), view.names());
    expected.forEach(
        (name, id) -> {
          assertEquals(id, view.find(name).orElseThrow().keyId());
          assertEquals(id, view.find(id.text()).orElseThrow().keyId());
        });
    keys.keySet().stream()
        .filter(id -> !expected.containsValue(id))
        .forEach(id -> assertTrue(view.find(id.text()).isEmpty()));
  }

  /** Keys come and go, are disabled, and their aliases move between them. */
  @Test
  void showsWhatIsThereAfterAnyChanges() {
    Random random = new Random(7); // the same at each run
    Map<KeyId, KmsKey> keys = new HashMap<>();
    Map<String, KeyId> owners = new HashMap<>();
    for (int step = 0; step < 2000; step++) {
      Set<KeyId> changed = new HashSet<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        change(id(random.nextInt(40)), random, owners, keys, changed);
      }
      view.replace(
          changed, changed.stream().flatMap(id -> Stream.ofNullable(keys.get(id))).toList());
      assertShows(keys);
    }
    assertTrue(view.find("never").isEmpty());
  }

  private static void change(
      KeyId id,
      Random random,
      Map<String, KeyId> owners,
      Map<KeyId, KmsKey> keys,
      Set<KeyId> changed) {
    changed.add(id);
    if (random.nextInt(5) == 0) {
      keys.remove(id);
      owners.values().removeIf(id::equals);
      return;
    }
    String name = "n" + random.nextInt(30);
    KeyId before = owners.put(name, id);
    if (before != null && !before.equals(id)) {
      changed.add(before);
      keys.computeIfPresent(before, (key, old) -> key(key, old.state(), names(key, owners)));
    }
    KeyState state = random.nextInt(4) == 0 ? KeyState.DISABLED : KeyState.ENABLED;
    keys.put(id, key(id, state, names(id, owners)));
  }

  private static List<String> names(KeyId id, Map<String, KeyId> owners) {
    return owners.keySet().stream().filter(name -> id.equals(owners.get(name))).toList();
  }

  private static KeyStoreView.Trusted trusted(String name) {
    return trusted(name, 0);
  }

  private static KeyStoreView.Trusted trusted(String name, int content) {
    byte[] der = {(byte) content};
    return new KeyStoreView.Trusted(name, new KeyStoreView.Certificate(der), NOW);
  }

  /** As {@link #showsWhatIsThereAfterAnyChanges}, for a caller who may see no more of them. */
  @Test
  void withdrawingShowsWhatWasAndStillIs() {
    Random random = new Random(11); // the same at each run
    Map<KeyId, KmsKey> keys = new HashMap<>();
    Map<String, KeyId> owners = new HashMap<>();
    Set<KeyId> all = IntStream.range(0, 40).mapToObj(LiveKeyStoreViewTest::id).collect(toSet());
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 60; i++) {
        change(id(random.nextInt(40)), random, owners, keys, new HashSet<>());
      }
      view.replace(all, keys.values());
      Map<String, KeyId> left = expected(keys);
      for (int step = 0; step < 20; step++) {
        Set<KeyId> changed = new HashSet<>();
        change(id(random.nextInt(40)), random, owners, keys, changed);
        view.withdraw(
            changed, changed.stream().flatMap(id -> Stream.ofNullable(keys.get(id))).toList());
        left.entrySet().retainAll(expected(keys).entrySet());
        assertEquals(List.copyOf(left.keySet()), view.names());
        left.forEach((name, id) -> assertEquals(id, view.find(name).orElseThrow().keyId()));
      }
    }
  }

  @Test
  void whatWasShownOfAKeyStaysAsItWasWhenItIsWithdrawn() {
    view.replace(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("a", "b"))));
    KeyStoreView.Entry before = view.find("a").orElseThrow();

    view.withdraw(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("a", "c"))));

    assertEquals(List.of("a"), view.names());
    assertSame(before, view.find("a").orElseThrow());
    assertSame(before, view.find(id(1).text()).orElseThrow());
  }

  @Test
  void withdrawnTrustIsGoneAlsoWhereAnotherCertificateHasTheName() {
    view.replaceTrusted(List.of(trusted("gone"), trusted("other", 1), trusted("stays", 2)));

    view.withdrawTrusted(List.of(trusted("other", 9), trusted("stays", 2), trusted("new")));

    assertEquals(List.of("stays"), view.names());
    assertTrue(view.findTrusted("other").isEmpty());
    assertTrue(view.findTrusted("new").isEmpty());
  }

  @Test
  void aNameOfATrustedCertificateGoesWithTheLastThatBearsIt() {
    view.replace(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("both", "key"))));
    view.replaceTrusted(List.of(trusted("both"), trusted("ca")));
    assertEquals(List.of("both", "ca", "key"), view.names());

    view.replace(Set.of(id(1)), List.of());
    assertEquals(List.of("both", "ca"), view.names());
    assertTrue(view.findTrusted("both").isPresent());

    view.replace(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("both"))));
    view.replaceTrusted(List.of());
    assertEquals(List.of("both"), view.names());
  }

  @Test
  void namesAreTheSameListUntilANameChanges() {
    view.replace(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("a"))));
    List<String> names = view.names();

    view.replace(Set.of(id(1)), List.of(key(id(1), KeyState.ENABLED, List.of("a"))));

    assertSame(names, view.names());
  }

  /** A walk through all of them takes some milliseconds. */
  @Test
  void aChangeAmongManyKeysCostsNoWalkThroughAll() {
    List<KmsKey> all =
        IntStream.range(0, MANY)
            .mapToObj(i -> key(id(i), KeyState.ENABLED, List.of("k" + i)))
            .toList();
    view.replace(Set.copyOf(all.stream().map(KmsKey::keyId).toList()), all);
    assertEquals(MANY, view.size());
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      KmsKey renamed = key(id(i), KeyState.ENABLED, List.of("renamed" + i));
      long start = System.nanoTime();
      view.replace(Set.of(renamed.keyId()), List.of(renamed));
      nanos.add(System.nanoTime() - start);
    }

    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    assertEquals(MANY, view.size());
    assertTrue(
        sorted[sorted.length / 2] < 500_000, () -> Arrays.toString(Arrays.copyOf(sorted, 5)));
  }
}
