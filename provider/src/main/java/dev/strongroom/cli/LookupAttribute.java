// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.audit.AuditQuery.Attribute;
import dev.strongroom.kms.audit.AuditQuery.AttributeKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what {@code --lookup-attributes} selects by: one attribute, as in AWS. */
final class LookupAttribute {
  static final String KEYS =
      Arrays.stream(AttributeKey.values())
          .map(AttributeKey::text)
          .collect(Collectors.joining(", "));

  private static final Pattern SYNTAX =
      Pattern.compile("AttributeKey=(\\w+),\\s*AttributeValue=(.+)");

  private LookupAttribute() {}

  static List<Attribute> parse(Optional<String> text) {
    return text.stream().map(LookupAttribute::parse).toList();
  }

  private static Attribute parse(String text) {
    Matcher pair = SYNTAX.matcher(text);
    if (pair.matches()) {
      for (AttributeKey key : AttributeKey.values()) {
        if (key.text().equals(pair.group(1))) {
          return checked(new Attribute(key, pair.group(2)));
        }
      }
    }
    throw UsageError.of(
        "--lookup-attributes",
        "write AttributeKey=EventName,AttributeValue=Decrypt; the key is one of " + KEYS + ".");
  }

  private static Attribute checked(Attribute attribute) {
    if (attribute.key() == AttributeKey.READ_ONLY
        && !List.of("true", "false").contains(attribute.value())) {
      throw UsageError.of(
          "--lookup-attributes", "ReadOnly is true or false, not '" + attribute.value() + "'.");
    }
    return attribute;
  }
}
