// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of up to some ten thousand entries; a changed copy shares all but a 256th part
 * with the one before for each key that changed. Safe to share between threads.
 */
public final class Segments<K, V> {
  private static final int COUNT = 256;

  private final Map<K, V>[] segments;

  private Segments(Map<K, V>[] segments) {
    this.segments = segments;
  }

  /** Returns a map of these entries, which are copied. */
  public static <K, V> Segments<K, V> of(Map<K, V> entries) {
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

  /** Returns the value of that key; null where it has none. */
  public @Nullable V get(Object key) {
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

  /** Returns a copy without {@code removed} and then with {@code added}. */
  public Segments<K, V> with(Set<K> removed, Map<K, V> added) {
    Map<K, V>[] copy = segments.clone();
    removed.forEach(key -> own(copy, key).remove(key));
    added.forEach((key, value) -> own(copy, key).put(key, value));
    return new Segments<>(copy);
  }

  /** Returns the segment of the copy, once it shares it no more. */
  private Map<K, V> own(Map<K, V>[] copy, K key) {
    int at = indexOf(key);
    if (copy[at] == segments[at]) {
      copy[at] = new HashMap<>(copy[at]);
    }
    return copy[at];
  }
}
