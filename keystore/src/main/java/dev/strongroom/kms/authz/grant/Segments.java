// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of up to some ten thousand entries; a changed copy shares all but a 256th part
 * with the one before. Safe to share between threads.
 */
final class Segments<K, V> {
  private static final int COUNT = 256;

  private final Map<K, V>[] segments;

  private Segments(Map<K, V>[] segments) {
    this.segments = segments;
  }

  /** Returns a map of these entries, which are copied. */
  static <K, V> Segments<K, V> of(Map<K, V> entries) {
    Map<K, V>[] segments = newArray();
    entries.forEach(
        (key, value) -> {
          int at = indexOf(key);
          Map<K, V> segment = segments[at];
          if (segment == null) {
            segment = new HashMap<>();
            segments[at] = segment;
          }
          segment.put(key, value);
        });
    for (int i = 0; i < COUNT; i++) {
      if (segments[i] == null) {
        segments[i] = Map.of();
      }
    }
    return new Segments<>(segments);
  }

  @SuppressWarnings("unchecked") // arrays of generic types can only be made so
  private static <K, V> Map<K, V>[] newArray() {
    return (Map<K, V>[]) new Map<?, ?>[COUNT];
  }

  private static int indexOf(Object key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24) & COUNT - 1;
  }

  @Nullable V get(Object key) {
    return segments[indexOf(key)].get(key);
  }

  /**
   * Returns a copy with another value of one key.
   *
   * @param change is given the value of now, or null, and returns the new one, or null for none
   */
  Segments<K, V> with(K key, UnaryOperator<@Nullable V> change) {
    int at = indexOf(key);
    Map<K, V> segment = new HashMap<>(segments[at]);
    V value = change.apply(segment.get(key));
    if (value == null) {
      segment.remove(key);
    } else {
      segment.put(key, value);
    }
    Map<K, V>[] copy = segments.clone();
    copy[at] = segment;
    return new Segments<>(copy);
  }
}
