// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Map;
import java.util.Optional;

/**
 * What was typed for one command, as text.
 *
 * @param values by the name of the parameter; flags that were given have an empty value
 */
record Arguments(Map<String, String> values) {

  Arguments {
    values = Map.copyOf(values);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns the value of a parameter that the parser has required. */
  String get(String name) {
    return find(name).orElseThrow(() -> new AssertionError("Not declared as required: " + name));
  }
}
