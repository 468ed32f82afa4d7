// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import dev.strongroom.kms.authz.match.Operator.Comparison;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the tests of values, one method for each family of operators. */
final class ValueTests {
  // Without exponents: comparing 1E999999999 with a neighbour would take all memory.
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,38}(\\.[0-9]{1,38})?");

  private ValueTests() {}

  /**
   * @throws IllegalArgumentException if the text is no value for the operator; the message is a
   *     sentence that says what is
   */
  static ValueTest of(Operator operator, String text, boolean variables) {
    return switch (operator.family()) {
      case STRING -> string(template(text, variables, isLike(operator)), operator.comparison());
      case ARN -> arn(template(text, variables, true));
      case NUMERIC -> numeric(text, operator.comparison());
      case DATE -> date(text, operator.comparison());
      case BOOL, NULL -> bool(text);
      case BINARY -> binary(text);
      case IP -> ip(text);
    };
  }

  private static boolean isLike(Operator operator) {
    return operator.comparison() == Comparison.LIKE;
  }

  private static Template template(String text, boolean variables, boolean wildcards) {
    return variables ? Template.parse(text, wildcards) : Template.withoutVariables(text, wildcards);
  }

  private static ValueTest string(Template template, Comparison comparison) {
    return (value, facts) -> {
      Glob pattern = template.resolve(facts);
      if (pattern == null) {
        return false;
      }
      return comparison == Comparison.EQUAL_ANY_CASE
          ? pattern.toString().equalsIgnoreCase(value.toString())
          : pattern.matches(value.toString());
    };
  }

  private static ValueTest arn(Template template) {
    Glob fixed = template.fixed();
    if (fixed != null) {
      ArnPattern pattern = requireArn(fixed);
      return (value, facts) -> pattern.matches(value.toString());
    }
    return (value, facts) -> {
      Glob pattern = template.resolve(facts);
      return pattern != null && ArnPattern.of(pattern).matches(value.toString());
    };
  }

  private static ArnPattern requireArn(Glob glob) {
    ArnPattern pattern = ArnPattern.of(glob);
    if (!pattern.isComplete()) {
      throw new IllegalArgumentException(
          "An ARN has six parts, arn:<partition>:<service>:<region>:<account>:<resource>, each with"
              + " * and ? as wildcards.");
    }
    return pattern;
  }

  private static ValueTest numeric(String text, Comparison comparison) {
    BigDecimal expected = number(text);
    if (expected == null) {
      throw new IllegalArgumentException(
          "A number is digits, with a minus and a decimal point where needed: 7 or -0.5.");
    }
    return (value, facts) -> {
      BigDecimal actual = number(value);
      return actual != null && comparison.holds(actual.compareTo(expected));
    };
  }

  private static @Nullable BigDecimal number(Object value) {
    if (value instanceof Instant date) {
      return BigDecimal.valueOf(date.getEpochSecond());
    }
    String text = value.toString();
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  private static ValueTest date(String text, Comparison comparison) {
    Instant expected = PolicyDate.parse(text);
    if (expected == null) {
      throw new IllegalArgumentException(
          "A date is 2026-11-30, 2026-11-30T12:00:00Z or seconds since 1970.");
    }
    return (value, facts) -> {
      Instant actual = value instanceof Instant date ? date : PolicyDate.parse(value.toString());
      return actual != null && comparison.holds(actual.compareTo(expected));
    };
  }

  private static ValueTest bool(String text) {
    String expected = text.toLowerCase(Locale.ROOT);
    if (!expected.equals("true") && !expected.equals("false")) {
      throw new IllegalArgumentException("Write true or false.");
    }
    return (value, facts) -> expected.equalsIgnoreCase(value.toString());
  }

  private static ValueTest binary(String text) {
    byte[] expected = bytes(text);
    if (expected == null) {
      throw new IllegalArgumentException("A binary value is written in Base64: aGVsbG8=.");
    }
    return (value, facts) -> {
      byte[] actual = bytes(value.toString());
      return actual != null && MessageDigest.isEqual(actual, expected);
    };
  }

  private static byte @Nullable [] bytes(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static ValueTest ip(String text) {
    IpRange expected = IpRange.parse(text);
    if (expected == null) {
      throw new IllegalArgumentException(
          "An address or range is 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.");
    }
    return (value, facts) -> expected.contains(value.toString());
  }
}
