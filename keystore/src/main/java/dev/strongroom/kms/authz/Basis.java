// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.policy.Statement;
import java.util.List;
import java.util.Optional;

/**
 * What a decision rests on.
 *
 * @param label for the audit trail, as {@code key policy, statement 1 "Admins"}; where two policies
 *     had to agree, both
 * @param statements the statements that took part, the one that lets in or refuses last
 * @param grant the grant, where it was one. If it counts its uses, this is one of them
 */
public record Basis(String label, List<Statement> statements, Optional<Grant> grant) {

  static Basis of(Statement statement) {
    return new Basis(statement.label(), List.of(statement), Optional.empty());
  }

  static Basis of(Grant grant) {
    return new Basis(grant.label(), List.of(), Optional.of(grant));
  }

  /** The root of an account needs no identity policies. */
  static Basis root() {
    return new Basis("account root", List.of(), Optional.empty());
  }

  /** Both policies had to agree. */
  static Basis both(Statement first, Basis second) {
    return new Basis(
        first.label() + " with " + second.label(),
        second.statements().isEmpty() ? List.of(first) : List.of(first, second.statements().get(0)),
        second.grant());
  }

  @Override
  public String toString() {
    return label;
  }
}
