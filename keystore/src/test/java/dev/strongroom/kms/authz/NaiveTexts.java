// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares texts with those of a policy, by turning these into regular expressions. */
final class NaiveTexts {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^},']+)(?:, '([^']*)')?\\}");

  private final NaiveFacts facts;
  private final boolean hasVariables;

  NaiveTexts(NaiveFacts facts, boolean hasVariables) {
    this.facts = facts;
    this.hasVariables = hasVariables;
  }

  boolean isEqual(String value, String policyText) {
    return value.matches("(?s)" + regex(policyText, false, false));
  }

  boolean isEqualInAnyCase(String value, String policyText) {
    return value.matches("(?si)" + regex(policyText, false, false));
  }

  boolean isLike(String value, String policyText) {
    return value.matches("(?s)" + regex(policyText, true, false));
  }

  /** Each of the six parts of an ARN is compared by itself. */
  boolean isLikeArn(String value, String policyText) {
    if (value.split(":", -1).length < 6) {
      return false;
    }
    return policyText.matches("\\*+") || value.matches("(?s)" + regex(policyText, true, true));
  }

  private String regex(String policyText, boolean wildcards, boolean arn) {
    StringBuilder regex = new StringBuilder();
    int[] colons = {0};
    Matcher variable = VARIABLE.matcher(hasVariables ? policyText : "");
    int at = 0;
    while (variable.find(at)) {
      pattern(policyText.substring(at, variable.start()), wildcards, arn, colons, regex);
      String value = value(variable.group(1), variable.group(2));
      if (value == null) {
        return "(?!)";
      }
      literal(value, colons, regex);
      at = variable.end();
    }
    pattern(policyText.substring(at), wildcards, arn, colons, regex);
    return arn && colons[0] < 5 ? "(?!)" : regex.toString();
  }

  private String value(String name, String otherwise) {
    if (List.of("*", "?", "$").contains(name)) {
      return name;
    }
    List<String> values = facts.of(name);
    return values.isEmpty() ? otherwise : values.get(0);
  }

  private static void literal(String text, int[] colons, StringBuilder regex) {
    colons[0] += (int) text.chars().filter(c -> c == ':').count();
    regex.append(Pattern.quote(text));
  }

  private static void pattern(
      String text, boolean wildcards, boolean arn, int[] colons, StringBuilder regex) {
    for (int i = 0; i < text.length(); i++) {
      String c = text.substring(i, i + 1);
      boolean inPart = arn && colons[0] < 5;
      if (wildcards && c.equals("*")) {
        regex.append(inPart ? "[^:]*" : ".*");
      } else if (wildcards && c.equals("?")) {
        regex.append(inPart ? "[^:]" : ".");
      } else {
        literal(c, colons, regex);
      }
    }
  }
}
