// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Which records to look up; what is empty selects all.
 *
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 * @param eventName AWS's operation name
 * @param userName the name of a user, or {@code root}
 * @param resourceName a key id or ARN
 * @param requestId what a refused caller was told, or what a record shows as its request id
 * @param limit the newest so many; at least 1
 */
public record AuditQuery(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> eventName,
    Optional<String> userName,
    Optional<String> resourceName,
    Optional<UUID> requestId,
    int limit) {

  /** Returns a query for the newest {@code limit} records. */
  public static AuditQuery newest(int limit) {
    return new AuditQuery(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        limit);
  }

  /** Returns a query for the record of one request. */
  public static AuditQuery ofRequest(UUID requestId) {
    return new AuditQuery(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(requestId),
        1);
  }
}
