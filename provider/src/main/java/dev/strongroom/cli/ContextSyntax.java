// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads an encryption context: {@code a=b,c=d} or the JSON object {@code {"a":"b"}}. */
final class ContextSyntax {

  /** More than a context may have. */
  private static final int MAX_CHARS = 1 << 16;

  private ContextSyntax() {}

  static EncryptionContext parse(String option, String text) {
    Map<String, String> pairs =
        text.strip().startsWith("{") ? json(option, text) : list(option, text);
    try {
      return EncryptionContext.of(pairs);
    } catch (IllegalArgumentException e) {
      throw UsageError.of(option, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> list(String option, String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw UsageError.of(
            option,
            "'"
                + pair
                + "' is not a pair. Write name=value,name=value, or JSON where a value has"
                + " a comma: {\"name\":\"value\"}.");
      }
      put(option, pairs, pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }

  private static Map<String, String> json(String option, String text) {
    try {
      Map<String, String> pairs = new LinkedHashMap<>();
      if (Json.parse(text, MAX_CHARS) instanceof Map<?, ?> object) {
        for (Map.Entry<?, ?> member : object.entrySet()) {
          if (!(member.getValue() instanceof String value)) {
            throw UsageError.of(option, "the value of '" + member.getKey() + "' is not a text.");
          }
          pairs.put(String.valueOf(member.getKey()), value);
        }
      }
      return pairs;
    } catch (JsonException e) {
      throw UsageError.of(option, e.getMessage());
    }
  }

  private static void put(String option, Map<String, String> pairs, String name, String value) {
    if (pairs.put(name, value) != null) {
      throw UsageError.of(option, "the name '" + name + "' is there twice.");
    }
  }
}
