// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what was printed with what a transcript says, and remembers the values it names. */
final class Expected {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w*)(?::(\\w+))?}}");

  // spotless:off
  private static final Map<String, String> KINDS =
      Map.of(
          "uuid",    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
          "base64",  "[A-Za-z0-9+/]{20,}={0,2}",
          "hex",     "[0-9a-f]{64}",
          "time",    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{6})?\\+00:00",
          "akid",    "[A-Z0-9]{16,128}",
          "word",    "\\S+",
          "json",    "\"\\{\\\\\"eventVersion[^\\n]*",
          "secret",  "[A-Za-z0-9_-]{40,}",
          "line",    "[^\\n]*",
          "lines",   "(?s:.*)");
  // spotless:on

  private final Map<String, String> values = new HashMap<>();

  void name(String name, String value) {
    values.put(name, value);
  }

  /** Puts the values that are known into a command. */
  String fill(String command) {
    return PLACEHOLDER
        .matcher(command)
        .replaceAll(m -> Matcher.quoteReplacement(known(m.group(1))));
  }

  private String known(String name) {
    return Objects.requireNonNull(values.get(name), () -> "no value is named " + name + " so far");
  }

  void check(String where, String expected, String printed) {
    Map<String, String> groups = new LinkedHashMap<>();
    StringBuilder regex = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(expected);
    int at = 0;
    while (placeholder.find()) {
      regex.append(Pattern.quote(expected.substring(at, placeholder.start())));
      regex.append(part(placeholder, groups));
      at = placeholder.end();
    }
    regex.append(Pattern.quote(expected.substring(at)));

    Matcher whole = Pattern.compile(regex.toString()).matcher(printed);
    if (!whole.matches()) {
      assertEquals(expected, printed, where);
    }
    groups.forEach((name, group) -> values.put(name, whole.group(group)));
  }

  private String part(Matcher placeholder, Map<String, String> groups) {
    String name = placeholder.group(1);
    if (placeholder.group(2) == null) {
      return groups.containsKey(name)
          ? "\\k<" + groups.get(name) + ">"
          : Pattern.quote(known(name));
    }
    String kind = Objects.requireNonNull(KINDS.get(placeholder.group(2)), "an unknown kind");
    if (name.isEmpty()) {
      return "(?:" + kind + ")";
    }
    String group = "g" + groups.size();
    groups.put(name, group);
    return "(?<" + group + ">" + kind + ")";
  }
}
