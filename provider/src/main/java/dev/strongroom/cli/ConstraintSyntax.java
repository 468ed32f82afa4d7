// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.service.GrantConstraints;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and shows the constraints of a grant: AWS CLI's {@code EncryptionContextSubset={a=b,c=d}},
 * or the JSON object {@code {"EncryptionContextSubset":{"a":"b"}}}.
 */
final class ConstraintSyntax {
  private static final String EQUALS = "EncryptionContextEquals";
  private static final String SUBSET = "EncryptionContextSubset";
  private static final Pattern SHORTHAND =
      Pattern.compile("(" + EQUALS + "|" + SUBSET + ")=\\{([^}]*)}");

  /** More than constraints may have. */
  private static final int MAX_CHARS = 1 << 16;

  private ConstraintSyntax() {}

  static GrantConstraints parse(String option, String text) {
    if (text.strip().startsWith("{")) {
      return json(option, text);
    }
    Matcher shorthand = SHORTHAND.matcher(text.strip());
    if (!shorthand.matches()) {
      throw unknown(option, text);
    }
    return of(shorthand.group(1), ContextSyntax.parse(option, shorthand.group(2)));
  }

  private static GrantConstraints json(String option, String text) {
    try {
      if (Json.parse(text, MAX_CHARS) instanceof Map<?, ?> object && object.size() == 1) {
        String name = String.valueOf(object.keySet().iterator().next());
        if (name.equals(EQUALS) || name.equals(SUBSET)) {
          return of(name, ContextSyntax.parse(option, Json.write(object.get(name))));
        }
      }
    } catch (JsonException e) {
      throw UsageError.of(option, e.getMessage());
    }
    throw unknown(option, text);
  }

  private static GrantConstraints of(String name, EncryptionContext context) {
    return name.equals(EQUALS)
        ? GrantConstraints.equalTo(context)
        : GrantConstraints.containing(context);
  }

  private static UsageError unknown(String option, String text) {
    return UsageError.of(
        option,
        "'"
            + text
            + "' is not a constraint. Write "
            + SUBSET
            + "={name=value,name=value} or "
            + EQUALS
            + "={…}, or JSON where a value has a comma or a brace.");
  }

  static Answer shape(GrantConstraints constraints) {
    Answer answer = new Answer();
    put(answer, SUBSET, constraints.encryptionContextSubset());
    put(answer, EQUALS, constraints.encryptionContextEquals());
    return answer;
  }

  private static void put(Answer answer, String name, Optional<EncryptionContext> context) {
    context.ifPresent(
        present -> {
          Answer pairs = new Answer();
          present.pairs().forEach(pairs::with);
          answer.with(name, pairs);
        });
  }
}
