// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What CreateGrant is asked for.
 *
 * @param key a key id or a key's ARN; an alias may move and is not taken
 * @param granteePrincipal the ARN of an account's root, a user, a role or a role session, or an
 *     account's id
 * @param operations what the grantee may do, such as the key can do
 * @param retiringPrincipal who may retire the grant, besides those who always may
 * @param name 1 to 256 letters, digits or characters of {@code :/_-}; empty for none
 * @param expirationDate from when on it allows nothing; AWS has no such thing
 * @param maxUses how many calls it lets through, in all processes together; AWS has no such thing
 */
public record CreateGrantRequest(
    KeyRef key,
    String granteePrincipal,
    Set<Operation> operations,
    Optional<String> retiringPrincipal,
    GrantConstraints constraints,
    String name,
    Optional<Instant> expirationDate,
    OptionalLong maxUses) {

  public CreateGrantRequest {
    operations = Set.copyOf(operations);
  }

  /** Returns a request with nothing but what must be there. */
  public static CreateGrantRequest of(
      KeyRef key, String granteePrincipal, Set<Operation> operations) {
    return new CreateGrantRequest(
        key,
        granteePrincipal,
        operations,
        Optional.empty(),
        GrantConstraints.NONE,
        "",
        Optional.empty(),
        OptionalLong.empty());
  }

  public CreateGrantRequest withRetiringPrincipal(String principal) {
    return new CreateGrantRequest(
        key,
        granteePrincipal,
        operations,
        Optional.of(principal),
        constraints,
        name,
        expirationDate,
        maxUses);
  }

  public CreateGrantRequest withConstraints(GrantConstraints asked) {
    return new CreateGrantRequest(
        key, granteePrincipal, operations, retiringPrincipal, asked, name, expirationDate, maxUses);
  }

  public CreateGrantRequest withName(String newName) {
    return new CreateGrantRequest(
        key,
        granteePrincipal,
        operations,
        retiringPrincipal,
        constraints,
        newName,
        expirationDate,
        maxUses);
  }

  public CreateGrantRequest withExpirationDate(Instant date) {
    return new CreateGrantRequest(
        key,
        granteePrincipal,
        operations,
        retiringPrincipal,
        constraints,
        name,
        Optional.of(date),
        maxUses);
  }

  public CreateGrantRequest withMaxUses(long uses) {
    return new CreateGrantRequest(
        key,
        granteePrincipal,
        operations,
        retiringPrincipal,
        constraints,
        name,
        expirationDate,
        OptionalLong.of(uses));
  }
}
