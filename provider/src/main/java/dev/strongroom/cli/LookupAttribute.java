// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code --lookup-attributes} selects by: one attribute, as in AWS. */
record LookupAttribute(String key, String value) {

  private static final List<String> KEYS = List.of("EventName", "Username", "ResourceName");
  private static final Pattern SYNTAX =
      Pattern.compile("AttributeKey=(\\w+),\\s*AttributeValue=(.+)");

  static LookupAttribute parse(Optional<String> text) {
    if (text.isEmpty()) {
      return new LookupAttribute("", "");
    }
    Matcher pair = SYNTAX.matcher(text.get());
    if (!pair.matches() || !KEYS.contains(pair.group(1))) {
      throw UsageError.of(
          "--lookup-attributes",
          "write AttributeKey=EventName,AttributeValue=Decrypt; the key is one of "
              + String.join(", ", KEYS)
              + ".");
    }
    return new LookupAttribute(pair.group(1), pair.group(2));
  }

  Optional<String> valueOf(String wanted) {
    return key.equals(wanted) ? Optional.of(value) : Optional.empty();
  }
}
