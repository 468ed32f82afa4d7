// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import dev.strongroom.kms.authz.request.ConditionName;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.RefusedConditionKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy in which {@code ${aws:username}} stands for a value of the request, {@code
 * ${aws:username, 'nobody'}} for that or a default, and {@code ${*}}, {@code ${?}}, {@code ${$}}
 * for the characters themselves. What a variable stands for is never a pattern.
 */
public final class Template {
  private final String text;
  private final List<Part> parts;
  private final @Nullable Glob fixed;

  /**
   * A piece: text with wildcards, text without, or a variable.
   *
   * @param text the text; of a variable its default
   */
  private record Part(@Nullable String text, boolean isPattern, @Nullable ConditionName variable) {}

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
    this.fixed =
        parts.stream().allMatch(part -> part.variable() == null) ? glob(parts, List.of()) : null;
  }

  /** Returns a text that means itself but for its wildcards: documents before 2012 had no more. */
  public static Template withoutVariables(String text, boolean wildcards) {
    return new Template(text, List.of(new Part(text, wildcards, null)));
  }

  /**
   * Reads a text.
   *
   * @param wildcards whether stars and question marks are wildcards
   * @throws IllegalArgumentException if a variable is not one; the message is a sentence
   */
  public static Template parse(String text, boolean wildcards) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int dollar = text.indexOf("${", at);
      if (dollar < 0) {
        parts.add(new Part(text.substring(at), wildcards, null));
        break;
      }
      if (dollar > at) {
        parts.add(new Part(text.substring(at, dollar), wildcards, null));
      }
      int end = end(text, dollar);
      parts.add(variable(text.substring(dollar + 2, end)));
      at = end + 1;
    }
    return new Template(text, parts);
  }

  /** Returns the place of the brace that ends a variable; a default may hold braces. */
  private static int end(String text, int dollar) {
    int brace = text.indexOf('}', dollar);
    int quote = text.indexOf(", '", dollar);
    if (quote >= 0 && quote < brace) {
      int close = text.indexOf("'}", quote + 3);
      brace = close < 0 ? -1 : close + 1;
    }
    if (brace < 0) {
      throw new IllegalArgumentException(
          "A variable is not closed. Write ${aws:username}, or ${$} for the character $.");
    }
    return brace;
  }

  private static Part variable(String inside) {
    if (inside.equals("*") || inside.equals("?") || inside.equals("$")) {
      return new Part(inside, false, null);
    }
    int comma = inside.indexOf(", '");
    String name = comma < 0 ? inside : inside.substring(0, comma);
    ConditionName key = ConditionName.find(name);
    if (key == null) {
      String reason = RefusedConditionKeys.reason(name);
      throw new IllegalArgumentException(
          "There is no variable ${"
              + name
              + "} here"
              + (reason.isEmpty() ? "" : ": " + reason)
              + ". A variable is a condition key, such as ${aws:username}.");
    }
    if (key.key().hasSeveralValues()) {
      throw new IllegalArgumentException(
          key + " has several values and cannot be a variable. Use ForAnyValue: in a condition.");
    }
    return new Part(
        comma < 0 ? null : inside.substring(comma + 3, inside.length() - 1), false, key);
  }

  /** Returns the pattern where it is the same for all requests; else null. */
  @Nullable Glob fixed() {
    return fixed;
  }

  /** Returns the pattern for one request; null if a variable without a default has no value. */
  public @Nullable Glob resolve(FactReader facts) {
    if (fixed != null) {
      return fixed;
    }
    List<String> values = new ArrayList<>();
    for (Part part : parts) {
      if (part.variable() != null) {
        Object value = facts.value(part.variable());
        String chosen = value == null ? part.text() : value.toString();
        if (chosen == null) {
          return null;
        }
        values.add(chosen);
      }
    }
    return glob(parts, values);
  }

  private static Glob glob(List<Part> parts, List<String> values) {
    Glob.Builder builder = new Glob.Builder();
    int next = 0;
    for (Part part : parts) {
      String piece = part.variable() != null ? values.get(next++) : String.valueOf(part.text());
      if (part.isPattern()) {
        piece.chars().forEach(c -> builder.pattern((char) c));
      } else {
        builder.literal(piece);
      }
    }
    return builder.build();
  }

  /** Returns the text as the policy has it. */
  @Override
  public String toString() {
    return text;
  }
}
