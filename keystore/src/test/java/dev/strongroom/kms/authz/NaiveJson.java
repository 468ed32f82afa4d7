// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.List;
import java.util.Map;

/** Takes parts of JSON values, and nothing where there is nothing. */
final class NaiveJson {
  private NaiveJson() {}

  @SuppressWarnings("unchecked") // JSON's names are texts
  static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }

  static Map<String, Object> map(Map<String, Object> json, String name) {
    return json.get(name) instanceof Map<?, ?> map ? asMap(map) : Map.of();
  }

  static List<Map<String, Object>> maps(Map<String, Object> json, String name) {
    return list(json, name).stream().map(NaiveJson::asMap).toList();
  }

  /** Returns a list; a single value is a list of one, as in policies. */
  static List<Object> list(Map<String, Object> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> list ? List.copyOf(list) : List.of(value);
  }

  static String text(Map<String, Object> json, String name, String otherwise) {
    return json.containsKey(name) ? String.valueOf(json.get(name)) : otherwise;
  }
}
