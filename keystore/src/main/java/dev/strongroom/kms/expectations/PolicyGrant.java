// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A grant that the key has besides its policy. Immutable. */
public final class PolicyGrant {
  private final String grantee;
  private final Set<Operation> operations;
  private final GrantConstraint constraint;
  private final Optional<Instant> expiry;

  private PolicyGrant(
      String grantee,
      Set<Operation> operations,
      GrantConstraint constraint,
      Optional<Instant> expiry) {
    this.grantee = grantee;
    this.operations = operations;
    this.constraint = constraint;
    this.expiry = expiry;
  }

  /**
   * Returns a grant without a constraint.
   *
   * @param grantee an ARN, or the id of an account
   * @param operations at least one that grants can be for
   */
  public static PolicyGrant to(String grantee, Operation... operations) {
    Set<Operation> all = EnumSet.noneOf(Operation.class);
    all.addAll(List.of(operations));
    return new PolicyGrant(grantee, all, GrantConstraint.NONE, Optional.empty());
  }

  /** Returns this grant for requests whose context has these pairs, and may have others. */
  public PolicyGrant forContextWith(Map<String, String> pairs) {
    return constrained(GrantConstraint.containing(EncryptionContext.of(pairs)));
  }

  /** Returns this grant for requests whose context has these pairs and no others. */
  public PolicyGrant forContext(Map<String, String> pairs) {
    return constrained(GrantConstraint.equalTo(EncryptionContext.of(pairs)));
  }

  private PolicyGrant constrained(GrantConstraint other) {
    return new PolicyGrant(grantee, operations, other, expiry);
  }

  /** Returns this grant with a time from which on it allows nothing. */
  public PolicyGrant until(Instant time) {
    return new PolicyGrant(grantee, operations, constraint, Optional.of(time));
  }

  /**
   * @throws IllegalArgumentException if there can be no such grant
   */
  Grant on(KeyArn key, int number) {
    return new Grant(
        String.valueOf(number),
        key.keyId(),
        key.place().account(),
        grantee,
        Optional.empty(),
        operations,
        constraint,
        "",
        Instant.EPOCH,
        expiry,
        OptionalLong.empty());
  }
}
