// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Data keys in clear under the names that they are looked up by, bounded in number and age. What
 * leaves is wiped.
 *
 * <p>Thread-safe. Threads that want the same key that is not there wait for the one that makes it;
 * the others hardly ever wait.
 */
final class DataKeyCache<N, K extends FieldKey> {
  private final ConcurrentHashMap<N, K> keys = new ConcurrentHashMap<>();
  private final Duration maxAge;
  private final int maxKeys;
  private final LongSupplier nanoTime;

  DataKeyCache(FieldLimits limits, LongSupplier nanoTime) {
    this.maxAge = limits.maxAge();
    this.maxKeys = limits.maxKeys();
    this.nanoTime = nanoTime;
  }

  /** Returns the key of that name, made by {@code maker} where there is none that is young. */
  K get(N name, Supplier<K> maker) {
    K known = keys.get(name);
    if (known != null && known.isYoung(maxAge, nanoTime.getAsLong())) {
      return known;
    }
    makeRoom();
    return keys.compute(
        name,
        (n, other) -> {
          if (other != null && other.isYoung(maxAge, nanoTime.getAsLong())) {
            return other;
          }
          K fresh = maker.get();
          if (other != null) {
            other.destroy();
          }
          return fresh;
        });
  }

  /** Drops the oldest sixteenth of the keys where there are as many as there may be. */
  private void makeRoom() {
    if (keys.size() < maxKeys) {
      return;
    }
    expire();
    int surplus = keys.size() - maxKeys + 1 + maxKeys / 16;
    if (keys.size() >= maxKeys) {
      keys.entrySet().stream()
          .sorted(Comparator.comparingLong(entry -> entry.getValue().bornNanos()))
          .limit(surplus)
          .forEach(entry -> drop(entry.getKey(), entry.getValue()));
    }
  }

  /** Wipes that key, if it is still the one of that name. */
  void drop(N name, K key) {
    if (keys.remove(name, key)) {
      key.destroy();
    }
  }

  /** Wipes the keys that are older than they may be. */
  void expire() {
    long now = nanoTime.getAsLong();
    keys.forEach(
        (name, key) -> {
          if (!key.isYoung(maxAge, now)) {
            drop(name, key);
          }
        });
  }

  /** Wipes all keys. */
  void clear() {
    for (Map.Entry<N, K> entry : keys.entrySet()) {
      drop(entry.getKey(), entry.getValue());
    }
  }

  int size() {
    return keys.size();
  }
}
