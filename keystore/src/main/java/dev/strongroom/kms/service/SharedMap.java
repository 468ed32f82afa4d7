// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in parts, whose changed copy shares the parts that did not change: with 10,000
 * entries, a change of one copies 20 of them and the list of the parts.
 */
final class SharedMap<K, V> {
  private static final int PARTS = 512;

  private final List<Map<K, V>> parts;

  private SharedMap(List<Map<K, V>> parts) {
    this.parts = parts;
  }

  static <K, V> SharedMap<K, V> empty() {
    return new SharedMap<>(Collections.nCopies(PARTS, Map.of()));
  }

  @Nullable V get(K key) {
    return parts.get(part(key)).get(key);
  }

  private static int part(Object key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (PARTS - 1);
  }

  /** Returns a map without {@code removed} and then with {@code added}. */
  SharedMap<K, V> with(Set<K> removed, Map<K, V> added) {
    Map<Integer, Map<K, V>> changed = new HashMap<>();
    removed.forEach(key -> copy(changed, key).remove(key));
    added.forEach((key, value) -> copy(changed, key).put(key, value));
    return new SharedMap<>(
        IntStream.range(0, PARTS).mapToObj(i -> changed.getOrDefault(i, parts.get(i))).toList());
  }

  private Map<K, V> copy(Map<Integer, Map<K, V>> changed, K key) {
    return changed.computeIfAbsent(part(key), part -> new HashMap<>(parts.get(part)));
  }
}
