// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids of values that one file has an entry of. Looked up by identity first, since callers
 * repeat objects; then by equality. Both tables are bounded: a value that was forgotten gets
 * another entry.
 *
 * <p>Not thread-safe. Values are immutable.
 */
final class Dictionary {
  private static final int IDENTITIES = 1024;
  private static final int VALUES = 1024;

  private final @Nullable Object[] identities = new @Nullable Object[IDENTITIES];
  private final int[] idsOfIdentities = new int[IDENTITIES];
  private final Map<Object, Integer> ids =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Integer> eldest) {
          return size() > VALUES;
        }
      };
  private int lastId;

  /** Returns the id of a value; 0 if it has none. */
  int find(Object value) {
    int slot = slot(value);
    if (identities[slot] == value) {
      return idsOfIdentities[slot];
    }
    Integer id = ids.get(value);
    if (id == null) {
      return 0;
    }
    remember(value, id);
    return id;
  }

  /** Returns the id that the next value gets. */
  int nextId() {
    return lastId + 1;
  }

  /** Gives a value {@link #nextId()}, after its entry was written. */
  void add(Object value) {
    lastId++;
    ids.put(value, lastId);
    remember(value, lastId);
  }

  /** Forgets all: a new file begins. */
  void clear() {
    Arrays.fill(identities, null);
    ids.clear();
    lastId = 0;
  }

  private void remember(Object value, int id) {
    int slot = slot(value);
    identities[slot] = value;
    idsOfIdentities[slot] = id;
  }

  private static int slot(Object value) {
    return System.identityHashCode(value) & (IDENTITIES - 1);
  }
}
