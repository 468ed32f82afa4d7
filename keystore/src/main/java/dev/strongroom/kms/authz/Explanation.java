// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.List;

/**
 * A decision with its reasons, for administrators: never for the caller, whom it would tell what
 * policies say.
 *
 * @param findings every statement and grant that could have had to do with it, in the order of
 *     their documents: Deny first
 * @param changes the least that would allow a refused request, all of them together; empty for an
 *     allowed one, and where nothing could allow it
 */
public record Explanation(Decision decision, List<Finding> findings, List<String> changes) {

  public Explanation {
    findings = List.copyOf(findings);
    changes = List.copyOf(changes);
  }

  /** Returns it as lines of text, without a line end after the last. */
  public String text() {
    StringBuilder text = new StringBuilder(decision.isAllowed() ? "Allowed" : "Refused");
    decision.decider().ifPresent(by -> text.append(" by ").append(by));
    findings.forEach(finding -> text.append("\n  ").append(finding));
    changes.forEach(change -> text.append("\nTo allow it: ").append(change));
    return text.toString();
  }
}
