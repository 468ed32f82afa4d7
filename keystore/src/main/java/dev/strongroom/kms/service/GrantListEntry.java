// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A grant, as ListGrants and ListRetirableGrants return it.
 *
 * @param issuingAccount the ARN of the root of the account that made it
 * @param name empty for none
 */
public record GrantListEntry(
    KeyArn key,
    String grantId,
    String name,
    Instant creationDate,
    String granteePrincipal,
    Optional<String> retiringPrincipal,
    String issuingAccount,
    List<Operation> operations,
    GrantConstraints constraints,
    Optional<Instant> expirationDate,
    OptionalLong maxUses) {

  static GrantListEntry of(KeyArn key, Grant grant) {
    return new GrantListEntry(
        key,
        grant.id(),
        grant.name(),
        grant.creationDate(),
        grant.grantee(),
        grant.retiring(),
        Grant.principal(grant.issuingAccount()),
        List.copyOf(grant.operations()),
        constraints(grant.constraint()),
        grant.expiry(),
        grant.maxUses());
  }

  private static GrantConstraints constraints(GrantConstraint constraint) {
    return switch (constraint.kind()) {
      case NONE -> GrantConstraints.NONE;
      case ENCRYPTION_CONTEXT_EQUALS -> GrantConstraints.equalTo(constraint.context());
      case ENCRYPTION_CONTEXT_SUBSET -> GrantConstraints.containing(constraint.context());
    };
  }
}
