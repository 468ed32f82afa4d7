// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes texts of policies: characters, tokens, and whole values, which are taken out, doubled,
 * put in the place of others, or wrapped.
 */
final class PolicyMutator {

  // spotless:off
  private static final String[] PIECES = {
    "{", "}", "[", "]", "\"", ",", ":", "*", "?", "${", "}", "${aws:username}", "${x, 'y'}", "\\u0000", "\\", "null", "true", "1e999999999",
    "99999999999999999999", "-0.5", "[[[[[[[[", "\"Statement\":", "\"Deny\"", "\"NotPrincipal\":", "\"NotResource\":", "\"Condition\":",
    "\"ForAllValues:\"", "\"IfExists\"", "\"Null\"", "\"StringLike\"", "\"IpAddress\"", "\"::1/129\"", "\"2026-13-45T99:99:99Z\"",
    "arn:aws:iam::111122223333:", "*a*a*a*a*a*a*a*a*a*a*a*", "kms:", "\u00e9", "\u20ac", "\ud800", "\t", "\n", "/**/",
    "\u202e", "\ufeff", "\udd11", "\u2028", "\u0130", "1".repeat(1001), "1e-2147483649", "\"a\":{}"};
  // spotless:on
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|[{}\\[\\]:,]|[^\\s{}\\[\\]:,\"]+|\\s+", Pattern.DOTALL);

  /**
   * A text with its tokens, and where values begin and end.
   *
   * @param ends for each token the one that ends the value that it begins
   */
  private record Tokens(String text, List<String> tokens, List<Integer> ends) {}

  private final List<Tokens> corpus = new ArrayList<>();

  PolicyMutator(List<String> texts) {
    texts.forEach(text -> corpus.add(tokens(text)));
  }

  private static Tokens tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    List<Integer> ends = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      ends.add(i);
      if ("{[".contains(tokens.get(i))) {
        open.add(i);
      } else if ("}]".contains(tokens.get(i))) {
        ends.set(open.remove(open.size() - 1), i);
      }
    }
    return new Tokens(text, tokens, ends);
  }

  /** Returns a changed copy of one of the texts. */
  String mutated(int number, SplittableRandom random) {
    Tokens tokens = corpus.get(number);
    return switch (random.nextInt(5)) {
      case 0 -> values(tokens, random);
      case 1 -> texts(tokens, random);
      case 2 -> pieces(new StringBuilder(values(tokens, random)), random);
      default -> pieces(new StringBuilder(tokens.text()), random);
    };
  }

  /** Puts a text of another policy in the place of one, so that more of the policy is read. */
  private String texts(Tokens tokens, SplittableRandom random) {
    Tokens other = corpus.get(random.nextInt(corpus.size()));
    int at = text(tokens, random);
    StringBuilder changed = new StringBuilder(tokens.text().length() + 64);
    append(tokens, 0, at, changed);
    changed.append(other.tokens().get(text(other, random)));
    append(tokens, at + 1, tokens.tokens().size(), changed);
    return changed.toString();
  }

  private static int text(Tokens tokens, SplittableRandom random) {
    int at = random.nextInt(tokens.tokens().size());
    while (tokens.tokens().get(at).charAt(0) != '"') {
      at = (at + 1) % tokens.tokens().size();
    }
    return at;
  }

  /** Changes one value or token. */
  private String values(Tokens tokens, SplittableRandom random) {
    int from = random.nextInt(tokens.tokens().size());
    int to = tokens.ends().get(from) + 1;
    StringBuilder changed = new StringBuilder(tokens.text().length() + 256);
    append(tokens, 0, from, changed);
    switch (random.nextInt(6)) {
      case 0 -> {}
      case 1 -> {
        append(tokens, from, to, changed);
        changed.append(',');
        append(tokens, from, to, changed);
      }
      case 2 -> changed.append(PIECES[random.nextInt(PIECES.length)]);
      case 3 -> {
        Tokens other = corpus.get(random.nextInt(corpus.size()));
        int value = random.nextInt(other.tokens().size());
        append(other, value, other.ends().get(value) + 1, changed);
      }
      case 4 -> {
        int depth = 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 5);
        changed.append("[".repeat(depth));
        append(tokens, from, to, changed);
        changed.append("]".repeat(depth));
      }
      default -> {
        changed.append("{\"AWS\":");
        append(tokens, from, to, changed);
        changed.append('}');
      }
    }
    append(tokens, to, tokens.tokens().size(), changed);
    return changed.toString();
  }

  private static void append(Tokens from, int first, int end, StringBuilder to) {
    for (int i = first; i < end; i++) {
      to.append(from.tokens().get(i));
    }
  }

  private static String pieces(StringBuilder changed, SplittableRandom random) {
    for (int i = random.nextInt(3); i >= 0 && changed.length() > 0; i--) {
      int at = random.nextInt(changed.length());
      int length = Math.min(random.nextInt(12), changed.length() - at);
      switch (random.nextInt(6)) {
        case 0 -> changed.delete(at, at + length);
        case 1 -> changed.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> changed.replace(at, at + length, PIECES[random.nextInt(PIECES.length)]);
        case 3 -> changed.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 4 -> changed.insert(at, part(changed, random));
        default ->
            changed.insert(
                at,
                PIECES[random.nextInt(PIECES.length)].repeat(
                    1 + random.nextInt(random.nextInt(20) == 0 ? 40 : 3)));
      }
    }
    return changed.toString();
  }

  private static String part(StringBuilder text, SplittableRandom random) {
    int from = random.nextInt(text.length());
    return text.substring(from, Math.min(text.length(), from + random.nextInt(200)));
  }
}
