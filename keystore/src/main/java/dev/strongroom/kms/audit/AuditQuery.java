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
 * @param viewer for whom; empty for all records
 * @param limit the newest so many; at least 1
 */
public record AuditQuery(
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> eventName,
    Optional<String> userName,
    Optional<String> resourceName,
    Optional<UUID> requestId,
    Optional<Viewer> viewer,
    int limit) {

  /**
   * Who looks: sees the records of its own account's calls and keys.
   *
   * @param account 12 digits
   * @param isManagement whether it also sees records of nobody's calls on nobody's keys
   */
  public record Viewer(String account, boolean isManagement) {
    boolean sees(Optional<String> callerArn, Optional<String> keyArn) {
      return callerArn.filter(this::isOurs).isPresent()
          || keyArn.filter(this::isOurs).isPresent()
          || (isManagement && callerArn.isEmpty() && keyArn.isEmpty());
    }

    /** Returns whether something is of the viewer's account. */
    public boolean isOurs(String arn) {
      return Identity.of(arn).account().equals(account);
    }
  }

  /** Returns a query for the newest {@code limit} records. */
  public static AuditQuery newest(int limit) {
    return new AuditQuery(
        Optional.empty(),
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
        Optional.empty(),
        1);
  }

  /** Returns this query for one who looks. */
  public AuditQuery by(Viewer who) {
    return new AuditQuery(
        from, to, eventName, userName, resourceName, requestId, Optional.of(who), limit);
  }
}
