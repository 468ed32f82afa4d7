// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern in which some stars stand for any characters and some question marks for one; which of
 * them do is decided when it is built, because values of variables are never patterns.
 */
public final class Glob {

  private static final char LITERAL = 0;
  private static final char ONE = 1;
  private static final char STAR = 2;

  /** Matches every text. */
  public static final Glob ANY = of("*");

  private final String chars;
  private final String kinds;
  private final boolean hasWildcards;

  private Glob(String chars, String kinds) {
    this.chars = chars;
    this.kinds = kinds;
    this.hasWildcards = kinds.indexOf(STAR) >= 0 || kinds.indexOf(ONE) >= 0;
  }

  /** Returns the pattern of a text in which every star and question mark is a wildcard. */
  public static Glob of(String text) {
    Builder builder = new Builder();
    for (int i = 0; i < text.length(); i++) {
      builder.pattern(text.charAt(i));
    }
    return builder.build();
  }

  /** Collects the characters of a pattern. Not thread-safe. */
  static final class Builder {
    private final StringBuilder chars = new StringBuilder();
    private final StringBuilder kinds = new StringBuilder();

    /** Adds a character that may be a wildcard. */
    Builder pattern(char c) {
      if (c == '*') {
        return star();
      }
      chars.append(c);
      kinds.append(c == '?' ? ONE : LITERAL);
      return this;
    }

    private Builder star() {
      chars.append('*');
      kinds.append(STAR);
      return this;
    }

    /** Adds characters that stand for themselves. */
    Builder literal(String text) {
      chars.append(text);
      kinds.append(String.valueOf(LITERAL).repeat(text.length()));
      return this;
    }

    Glob build() {
      return new Glob(chars.toString(), kinds.toString());
    }
  }

  /** Returns whether the whole text fits. Time is bounded by the product of the lengths. */
  public boolean matches(String text) {
    return hasWildcards ? fits(text) : chars.equals(text);
  }

  /** Goes back to the last star only: what an earlier one could take, the last one can take. */
  private boolean fits(String text) {
    int length = chars.length();
    int p = 0;
    int star = -1;
    int resume = 0;
    for (int t = 0; t < text.length(); ) {
      if (p < length && kinds.charAt(p) == STAR) {
        star = p++;
        resume = t;
      } else if (p < length && kinds.charAt(p) == ONE) {
        p++;
        t = next(text, t);
      } else if (p < length && chars.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        resume = next(text, resume);
        t = resume;
      } else {
        return false;
      }
    }
    while (p < length && kinds.charAt(p) == STAR) {
      p++;
    }
    return p == length;
  }

  /** Returns where the next character begins: some are two units of UTF-16. */
  private static int next(String text, int t) {
    boolean isPair =
        t + 1 < text.length() && Character.isSurrogatePair(text.charAt(t), text.charAt(t + 1));
    return isPair ? t + 2 : t + 1;
  }

  /**
   * Returns the six parts of the pattern of an ARN: the first five end at a colon, the last is the
   * rest. Fewer where there are fewer colons.
   */
  List<Glob> arnParts() {
    List<Glob> parts = new ArrayList<>(6);
    int from = 0;
    for (int colon = chars.indexOf(':'); colon >= 0 && parts.size() < 5; ) {
      parts.add(new Glob(chars.substring(from, colon), kinds.substring(from, colon)));
      from = colon + 1;
      colon = chars.indexOf(':', from);
    }
    parts.add(new Glob(chars.substring(from), kinds.substring(from)));
    return parts;
  }

  /** Returns whether it is made of wildcard stars alone, and of at least one. */
  boolean isOnlyStars() {
    return !kinds.isEmpty() && kinds.chars().allMatch(kind -> kind == STAR);
  }

  /** Returns the characters, wildcards among them. */
  @Override
  public String toString() {
    return chars;
  }
}
