// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the conditions of a statement hold. */
final class NaiveConditions {
  private final NaiveFacts facts;
  private final NaiveTexts texts;

  NaiveConditions(NaiveFacts facts, NaiveTexts texts) {
    this.facts = facts;
    this.texts = texts;
  }

  boolean allHold(Map<String, Object> block, boolean isDeny) {
    return block.keySet().stream()
        .allMatch(
            operator ->
                NaiveJson.map(block, operator).keySet().stream()
                    .allMatch(
                        key ->
                            facts.unlessAmbiguous(
                                () ->
                                    holds(
                                        operator,
                                        facts.of(key),
                                        NaiveJson.list(NaiveJson.map(block, operator), key).stream()
                                            .map(String::valueOf)
                                            .toList()),
                                isDeny)));
  }

  private boolean holds(String operator, List<String> actual, List<String> expected) {
    if (operator.equals("Null")) {
      return expected.contains(String.valueOf(actual.isEmpty()));
    }
    if (operator.endsWith("IfExists")) {
      String without = operator.substring(0, operator.length() - "IfExists".length());
      return actual.isEmpty() || holds(without, actual, expected);
    }
    if (operator.startsWith("ForAllValues:")) {
      String each = operator.substring("ForAllValues:".length());
      return actual.stream().allMatch(value -> holds(each, List.of(value), expected));
    }
    if (operator.startsWith("ForAnyValue:")) {
      String each = operator.substring("ForAnyValue:".length());
      return actual.stream().anyMatch(value -> holds(each, List.of(value), expected));
    }
    String positive = positive(operator);
    boolean any =
        !actual.isEmpty()
            && expected.stream().anyMatch(value -> fits(positive, actual.get(0), value));
    return positive.equals(operator) == any;
  }

  private static String positive(String operator) {
    return operator.equals("NotIpAddress") ? "IpAddress" : operator.replace("Not", "");
  }

  private boolean fits(String operator, String actual, String expected) {
    if (operator.startsWith("Numeric")) {
      return compare(operator.substring("Numeric".length()), number(actual), number(expected));
    }
    if (operator.startsWith("Date")) {
      return compare(operator.substring("Date".length()), date(actual), date(expected));
    }
    return switch (operator) {
      case "StringEquals" -> texts.isEqual(actual, expected);
      case "StringEqualsIgnoreCase" -> texts.isEqualInAnyCase(actual, expected);
      case "StringLike" -> texts.isLike(actual, expected);
      case "ArnEquals", "ArnLike" -> texts.isLikeArn(actual, expected);
      case "Bool" -> actual.equalsIgnoreCase(expected);
      case "BinaryEquals" ->
          Arrays.equals(Base64.getDecoder().decode(actual), Base64.getDecoder().decode(expected));
      case "IpAddress" -> isIn(actual, expected);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static <T extends Comparable<T>> boolean compare(
      String how, @Nullable T actual, @Nullable T expected) {
    if (actual == null || expected == null) {
      return false;
    }
    int sign = actual.compareTo(expected);
    return switch (how) {
      case "Equals" -> sign == 0;
      case "LessThan" -> sign < 0;
      case "LessThanEquals" -> sign <= 0;
      case "GreaterThan" -> sign > 0;
      default -> sign >= 0;
    };
  }

  private static @Nullable BigDecimal number(String text) {
    if (text.matches("[0-9]{4}-.*")) {
      return BigDecimal.valueOf(Instant.parse(text).getEpochSecond());
    }
    return text.matches("-?[0-9]+(\\.[0-9]+)?") ? new BigDecimal(text) : null;
  }

  private static @Nullable Instant date(String text) {
    if (text.matches("[0-9]{5,}")) {
      return Instant.ofEpochSecond(Long.parseLong(text));
    }
    if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return text.matches("[0-9]{4}-.*T.*") ? OffsetDateTime.parse(text).toInstant() : null;
  }

  /** Version 4 only; the generator and the cases have no other in ranges. */
  private static boolean isIn(String address, String range) {
    String[] parts = range.split("/", -1);
    int bits = parts.length == 1 ? 32 : Integer.parseInt(parts[1]);
    return address.matches("[0-9.]+")
        && number4(address).shiftRight(32 - bits).equals(number4(parts[0]).shiftRight(32 - bits));
  }

  private static BigInteger number4(String address) {
    BigInteger number = BigInteger.ZERO;
    for (String part : address.split("\\.", -1)) {
      number = number.shiftLeft(8).add(new BigInteger(part));
    }
    return number;
  }
}
