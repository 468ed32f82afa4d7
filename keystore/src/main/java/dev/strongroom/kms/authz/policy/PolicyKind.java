// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The kinds of policies: what a document of each may hold, and how long it may be. */
public enum PolicyKind {
  // spotless:off
  //          called                 limit  counts                about whom  about what
  KEY         ("key policy",         32_768, Count.BYTES,         true,       true),
  /** A managed policy; permissions boundaries are managed policies too. */
  MANAGED     ("managed policy",      6_144, Count.NO_WHITESPACE, false,      true),
  USER_INLINE ("inline policy",       2_048, Count.NO_WHITESPACE, false,      true),
  GROUP_INLINE("inline group policy", 5_120, Count.NO_WHITESPACE, false,      true),
  ROLE_INLINE ("inline role policy", 10_240, Count.NO_WHITESPACE, false,      true),
  /** What AssumeRole is given to narrow a session. */
  SESSION     ("session policy",      2_048, Count.CHARACTERS,    false,      true),
  /** Who may assume a role. */
  TRUST       ("trust policy",        2_048, Count.NO_WHITESPACE, true,       false);
  // spotless:on

  /** What a limit counts. */
  private enum Count {
    BYTES,
    CHARACTERS,
    NO_WHITESPACE
  }

  /** No text is read that is longer, whatever a kind counts. */
  static final int MAX_CHARS = 131_072;

  private final String title;
  private final int limit;
  private final Count count;
  private final boolean namesPrincipals;
  private final boolean namesResources;

  PolicyKind(
      String title, int limit, Count count, boolean namesPrincipals, boolean namesResources) {
    this.title = title;
    this.limit = limit;
    this.count = count;
    this.namesPrincipals = namesPrincipals;
    this.namesResources = namesResources;
  }

  /** Returns what people call it. */
  public String title() {
    return title;
  }

  /** Returns the most that {@link #length} may say. */
  public int limit() {
    return limit;
  }

  /** Returns what {@link #length} counts. */
  String unit() {
    return switch (count) {
      case BYTES -> "bytes";
      case CHARACTERS -> "characters";
      case NO_WHITESPACE -> "characters besides white space";
    };
  }

  /** Returns how long a text is as AWS counts for this kind. */
  public int length(String text) {
    return switch (count) {
      case BYTES -> text.getBytes(StandardCharsets.UTF_8).length;
      case CHARACTERS -> text.length();
      case NO_WHITESPACE -> withoutWhiteSpace(text);
    };
  }

  private static int withoutWhiteSpace(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      length += isSpace(text.charAt(i)) ? 0 : 1;
    }
    return length;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** Returns whether statements say whom they are about. */
  boolean namesPrincipals() {
    return namesPrincipals;
  }

  /** Returns whether statements say what they are about. */
  boolean namesResources() {
    return namesResources;
  }

  /** Returns whether a statement may be about that service; a star stands for all. */
  boolean isAbout(String service) {
    return switch (this) {
      case KEY -> service.equals("kms") || service.equals("*");
      case TRUST -> service.equals("sts") || service.equals("*");
      default -> true;
    };
  }

  /** Returns the elements that a statement may have. */
  List<String> elements() {
    List<String> elements = new ArrayList<>(List.of("Sid", "Effect"));
    if (namesPrincipals) {
      elements.addAll(List.of("Principal", "NotPrincipal"));
    }
    elements.addAll(List.of("Action", "NotAction"));
    if (namesResources) {
      elements.addAll(List.of("Resource", "NotResource"));
    }
    elements.add("Condition");
    return elements;
  }
}
