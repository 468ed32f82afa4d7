// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was typed for one command, as text.
 *
 * @param values by the name of the parameter; flags that were given have an empty value, and the
 *     values of a list are joined by {@link #SEPARATOR}
 */
record Arguments(Map<String, String> values) {

  /** What stands between the values of a list; no argument of a program can hold it. */
  static final String SEPARATOR = "\0";

  Arguments {
    values = Map.copyOf(values);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns the values of a list; none where it was not given. */
  List<String> list(String name) {
    return find(name).map(values -> List.of(values.split(SEPARATOR, -1))).orElse(List.of());
  }

  /** Returns the value of a parameter that the parser has required. */
  String get(String name) {
    return find(name).orElseThrow(() -> new AssertionError("Not declared as required: " + name));
  }
}
