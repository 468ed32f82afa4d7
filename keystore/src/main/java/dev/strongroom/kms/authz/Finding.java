// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.List;

/**
 * What one statement or grant has to do with a request.
 *
 * @param source what it is, as {@code key policy, statement 1 "Admins"}
 * @param role what it could do for the request
 * @param failures the clauses that the request does not meet; empty where it applies
 */
public record Finding(String source, Role role, List<Failure> failures) {

  /** What a statement or grant can do. */
  public enum Role {
    DENY,
    /** Allow of the key's own policy. */
    KEY_ALLOW,
    /** Allow of the key's own policy that lets the account's policies count. */
    DELEGATION,
    IDENTITY_ALLOW,
    BOUNDARY_ALLOW,
    SESSION_ALLOW,
    GRANT
  }

  /** The parts of a statement or grant. */
  public enum Clause {
    PRINCIPAL,
    ACTION,
    RESOURCE,
    CONDITION,
    EXPIRY
  }

  /**
   * A clause that is not met.
   *
   * @param text what it asks for and what the request has
   * @param remedy what would make it met
   */
  public record Failure(Clause clause, String text, String remedy) {}

  public Finding {
    failures = List.copyOf(failures);
  }

  /** Returns whether it is about the request in every respect. */
  public boolean applies() {
    return failures.isEmpty();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source).append(applies() ? ": applies" : ": ");
    for (int i = 0; i < failures.size(); i++) {
      text.append(i == 0 ? "" : "; ").append(failures.get(i).text());
    }
    return text.toString();
  }
}
