// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import java.util.List;

/**
 * A pattern of an ARN whose six parts are compared one by one: no wildcard reaches over the colon
 * between two of them. A pattern of one star alone matches every ARN.
 */
final class ArnPattern {
  private static final int PARTS = 6;

  private final List<Glob> parts;

  private ArnPattern(List<Glob> parts) {
    this.parts = parts;
  }

  static ArnPattern of(Glob glob) {
    return new ArnPattern(glob.arnParts());
  }

  /** Returns whether it has six parts or is one star. */
  boolean isComplete() {
    return parts.size() == PARTS || isAnything();
  }

  private boolean isAnything() {
    return parts.size() == 1 && parts.get(0).isOnlyStars();
  }

  boolean matches(String arn) {
    String[] actual = arn.split(":", PARTS);
    if (actual.length != PARTS || parts.size() != PARTS) {
      return actual.length == PARTS && isAnything();
    }
    for (int i = 0; i < PARTS; i++) {
      if (!parts.get(i).matches(actual[i])) {
        return false;
      }
    }
    return true;
  }
}
