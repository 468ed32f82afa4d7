// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Explanation;
import java.util.List;
import java.util.Optional;

/**
 * Why a call is let through or not. For administrators: it tells what policies say.
 *
 * @param keyArn empty for operations that are about no key, and where there is no such key
 * @param isAllowed whether policies and grants allow it
 * @param decidedBy the statement, statements or grant that allowed or refused; empty where nothing
 *     applied
 * @param findings what each statement and grant has to do with it, Deny first
 * @param changes the least that would allow a refused call, all of them together; empty for an
 *     allowed one and where nothing could allow it
 * @param notes what else there is to know, as that the key is disabled
 */
public record ExplainResult(
    String callerArn,
    Operation operation,
    Optional<String> keyArn,
    boolean isAllowed,
    Optional<String> decidedBy,
    List<Finding> findings,
    List<String> changes,
    List<String> notes) {

  /**
   * What one statement or grant has to do with the call.
   *
   * @param source what it is, as {@code key policy, statement 1 "Admins"}
   * @param role what it could do: {@code DENY}, {@code KEY_ALLOW}, {@code DELEGATION} (an Allow of
   *     the key that lets the account's identity policies count), {@code IDENTITY_ALLOW}, {@code
   *     BOUNDARY_ALLOW}, {@code SESSION_ALLOW} or {@code GRANT}
   * @param failures the clauses that the call does not meet, in words; empty where it applies
   */
  public record Finding(String source, String role, List<String> failures) {
    public Finding {
      failures = List.copyOf(failures);
    }

    /** Returns whether the call meets all of its clauses. */
    public boolean applies() {
      return failures.isEmpty();
    }
  }

  public ExplainResult {
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  static ExplainResult of(
      String callerArn,
      Operation operation,
      Optional<String> keyArn,
      Explanation explanation,
      List<String> notes) {
    return new ExplainResult(
        callerArn,
        operation,
        keyArn,
        explanation.decision().isAllowed(),
        explanation.decision().decider(),
        explanation.findings().stream().map(ExplainResult::finding).toList(),
        explanation.changes(),
        notes);
  }

  private static Finding finding(dev.strongroom.kms.authz.Finding finding) {
    return new Finding(
        finding.source(),
        finding.role().name(),
        finding.failures().stream().map(failure -> failure.text()).toList());
  }

  /** Returns it as lines of text, without a line end after the last. */
  public String text() {
    StringBuilder text = new StringBuilder(isAllowed ? "Allowed" : "Refused");
    decidedBy.ifPresent(by -> text.append(" by ").append(by));
    for (Finding finding : findings) {
      text.append("\n  ").append(finding.source()).append(": ");
      text.append(finding.applies() ? "applies" : String.join("; ", finding.failures()));
    }
    changes.forEach(change -> text.append("\nTo allow it: ").append(change));
    notes.forEach(note -> text.append("\nNote: ").append(note));
    return text.toString();
  }
}
