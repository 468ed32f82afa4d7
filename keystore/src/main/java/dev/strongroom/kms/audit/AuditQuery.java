// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which records to look up; what is empty selects all.
 *
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 * @param attributes what records must have, all of it
 * @param viewer for whom; empty for all records
 * @param limit the newest so many; at least 1
 */
public record AuditQuery(
    Optional<Instant> from,
    Optional<Instant> to,
    List<Attribute> attributes,
    Optional<Viewer> viewer,
    int limit) {

  public AuditQuery {
    attributes = List.copyOf(attributes);
  }

  /** What records can be looked up by: what CloudTrail's can, and two of ours. */
  public enum AttributeKey {
    EVENT_ID("EventId"),
    /** AWS's operation name. */
    EVENT_NAME("EventName"),
    /** {@code true} or {@code false}. */
    READ_ONLY("ReadOnly"),
    /** The name of a user or of a role's session, or {@code root}. */
    USERNAME("Username"),
    /** {@code AWS::KMS::Key} has all records that are about a key. */
    RESOURCE_TYPE("ResourceType"),
    /** A key id or ARN. */
    RESOURCE_NAME("ResourceName"),
    /** As {@code kms.amazonaws.com}. */
    EVENT_SOURCE("EventSource"),
    ACCESS_KEY_ID("AccessKeyId"),
    /** As {@code AccessDeniedException}; not in CloudTrail. */
    ERROR_CODE("ErrorCode"),
    /** What a refused caller was told, or what a record shows; not in CloudTrail. */
    REQUEST_ID("RequestId");

    private final String text;

    AttributeKey(String text) {
      this.text = text;
    }

    /** Returns CloudTrail's spelling. */
    public String text() {
      return text;
    }
  }

  /** One thing that a record must have. */
  public record Attribute(AttributeKey key, String value) {}

  /**
   * Who looks: sees the records of its own account's calls and keys, and of its roles' being
   * assumed.
   *
   * @param account 12 digits
   * @param isManagement whether it also sees records of nobody's calls on nobody's keys
   */
  public record Viewer(String account, boolean isManagement) {
    boolean sees(RecordDecoder.Row row) {
      Optional<String> callerArn = row.callerArn();
      Optional<String> keyArn = row.keyArn();
      return callerArn.filter(this::isOurs).isPresent()
          || keyArn.filter(this::isOurs).isPresent()
          || row.sharedWith().filter(account::equals).isPresent()
          || (isManagement && callerArn.isEmpty() && keyArn.isEmpty());
    }

    /** Returns whether something is of the viewer's account. */
    public boolean isOurs(String arn) {
      return Identity.of(arn).account().equals(account);
    }
  }

  /** Returns a query for the newest {@code limit} records. */
  public static AuditQuery newest(int limit) {
    return new AuditQuery(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), limit);
  }

  /** Returns a query for the record of one request. */
  public static AuditQuery ofRequest(UUID requestId) {
    return newest(1).with(new Attribute(AttributeKey.REQUEST_ID, requestId.toString()));
  }

  /** Returns this query for records that have this attribute, and no others. */
  public AuditQuery with(Attribute attribute) {
    return new AuditQuery(from, to, List.of(attribute), viewer, limit);
  }

  /** Returns this query for records of that time, and no others. */
  public AuditQuery between(Optional<Instant> earliest, Optional<Instant> end) {
    return new AuditQuery(earliest, end, attributes, viewer, limit);
  }

  /** Returns this query for one who looks. */
  public AuditQuery by(Viewer who) {
    return new AuditQuery(from, to, attributes, Optional.of(who), limit);
  }
}
