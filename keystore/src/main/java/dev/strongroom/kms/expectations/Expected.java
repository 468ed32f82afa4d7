// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Explanation;

/** An expected decision, which {@link #on} checks for a key. Immutable. */
public final class Expected {
  private final Expectation expectation;
  private final Operation operation;
  private final boolean isAllowed;

  Expected(Expectation expectation, Operation operation, boolean isAllowed) {
    this.expectation = expectation;
    this.operation = operation;
    this.isAllowed = isAllowed;
  }

  /**
   * Checks that this is what is decided about a key.
   *
   * @throws AssertionError if it is not; its message explains the decision
   * @throws IllegalArgumentException if the operation is about no key
   */
  public Reason on(PolicyKey key) {
    Explanation explanation =
        expectation
            .policy()
            .authorizer(key)
            .explain(expectation.caller().identity(), expectation.request(operation, key));
    Reason reason = new Reason(sentence(key), explanation);
    if (explanation.decision().isAllowed() != isAllowed) {
      throw reason.failure("");
    }
    return reason;
  }

  private String sentence(PolicyKey key) {
    return "Expected "
        + operation.action()
        + " by "
        + expectation.caller()
        + " on "
        + key
        + (expectation.context().isEmpty() ? "" : " with " + expectation.context())
        + " to be "
        + (isAllowed ? "allowed" : "denied");
  }
}
