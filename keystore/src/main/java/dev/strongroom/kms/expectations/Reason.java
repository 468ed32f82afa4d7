// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.authz.Explanation;
import java.util.stream.Collectors;

/** Why a decision was as it was expected. Immutable. */
public final class Reason {
  private final String sentence;
  private final Explanation explanation;

  Reason(String sentence, Explanation explanation) {
    this.sentence = sentence;
    this.explanation = explanation;
  }

  /**
   * Checks that it is so because of that statement, grant or clause.
   *
   * @param part a part of what {@link #text} says: of the statement or grant that decided, or,
   *     where nothing applied, of any clause that was not met
   * @throws AssertionError if it is for other reasons; its message explains the decision
   */
  public Reason because(String part) {
    String reasons =
        explanation
            .decision()
            .decider()
            .orElseGet(
                () ->
                    explanation.findings().stream()
                        .filter(finding -> !finding.applies())
                        .map(String::valueOf)
                        .collect(Collectors.joining("\n")));
    if (!reasons.contains(part)) {
      throw failure(" because of \"" + part + "\"");
    }
    return this;
  }

  AssertionError failure(String because) {
    return new AssertionError(sentence + because + ", but:\n" + text());
  }

  /** Returns the decision with its reasons, as {@code kms explain} shows them, in lines. */
  public String text() {
    return explanation.text();
  }
}
