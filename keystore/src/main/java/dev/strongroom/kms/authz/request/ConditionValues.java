// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of condition keys that somebody states: parameters of a request, attributes of a
 * credential. A value is a text, a list of texts for keys with several values, or an Instant for
 * dates.
 */
public final class ConditionValues {

  /** No values. */
  public static final ConditionValues NONE = new ConditionValues(Map.of(), key -> null);

  private final Map<ConditionKey, Object> values;
  private final Source source;

  /** Finds values when a condition asks for them: most requests never are. */
  @FunctionalInterface
  public interface Source {

    /** Returns a value as described above, or null. */
    @Nullable Object value(ConditionKey key);
  }

  private ConditionValues(Map<ConditionKey, Object> values, Source source) {
    this.values = values;
    this.source = source;
  }

  /** Returns the values that a function finds: always the same for the same key. */
  public static ConditionValues from(Source source) {
    return new ConditionValues(Map.of(), source);
  }

  /** Returns these values with the one of a single-valued key; a boolean is {@code "true"}. */
  public ConditionValues with(ConditionKey key, String value) {
    return put(key, value, false);
  }

  /** Returns these values with those of a key with several values. */
  public ConditionValues with(ConditionKey key, List<String> several) {
    return put(key, List.copyOf(several), true);
  }

  /** Returns these values with that of a date. */
  public ConditionValues with(ConditionKey key, Instant date) {
    return put(key, date, false);
  }

  private ConditionValues put(ConditionKey key, Object value, boolean several) {
    if (key.hasSeveralValues() != several) {
      throw new IllegalArgumentException(
          key.keyName() + (several ? " has one value only." : " has a list of values."));
    }
    Map<ConditionKey, Object> changed = new EnumMap<>(ConditionKey.class);
    changed.putAll(values);
    changed.put(key, value);
    return new ConditionValues(changed, source);
  }

  @Nullable Object get(ConditionKey key) {
    Object value = values.get(key);
    return value == null ? source.value(key) : value;
  }
}
