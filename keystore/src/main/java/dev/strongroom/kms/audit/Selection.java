// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.Optional;

/** Says of one record after the other whether a query selects it. */
final class Selection {
  private final AuditQuery query;
  private final long fromMillis;
  private final long toMillis;

  Selection(AuditQuery query) {
    this.query = query;
    this.fromMillis = query.from().map(Selection::ceilingMillis).orElse(Long.MIN_VALUE);
    this.toMillis = query.to().map(Selection::ceilingMillis).orElse(Long.MAX_VALUE);
  }

  /** Returns the first millisecond that does not begin before {@code time}. */
  static long ceilingMillis(Instant time) {
    if (!time.isBefore(Instant.ofEpochMilli(Long.MAX_VALUE))) {
      return Long.MAX_VALUE;
    }
    if (time.isBefore(Instant.ofEpochMilli(Long.MIN_VALUE))) {
      return Long.MIN_VALUE;
    }
    long floor = time.toEpochMilli();
    return Instant.ofEpochMilli(floor).isBefore(time) ? floor + 1 : floor;
  }

  boolean isWanted(RecordDecoder.Row row) {
    return row.timeMillis() >= fromMillis
        && row.timeMillis() < toMillis
        && query.attributes().stream().allMatch(attribute -> has(row, attribute))
        && (query.viewer().isEmpty() || query.viewer().get().sees(row));
  }

  private static boolean has(RecordDecoder.Row row, AuditQuery.Attribute attribute) {
    String value = attribute.value();
    return switch (attribute.key()) {
      case EVENT_ID -> row.eventId().toString().equals(value);
      case EVENT_NAME -> row.eventName().equals(value);
      case READ_ONLY -> Boolean.toString(row.isReadOnly()).equals(value);
      case USERNAME -> isBy(row, value);
      case RESOURCE_TYPE -> row.keyArn().isPresent() && CloudTrailJson.KEY_TYPE.equals(value);
      case RESOURCE_NAME -> isAbout(row, value);
      case EVENT_SOURCE -> CloudTrailJson.eventSource(row.eventName()).equals(value);
      case ACCESS_KEY_ID -> row.accessKeyId().filter(value::equals).isPresent();
      case ERROR_CODE -> row.errorCode().filter(value::equals).isPresent();
      case REQUEST_ID -> row.requestId().toString().equals(value);
    };
  }

  private static boolean isBy(RecordDecoder.Row row, String userName) {
    return row.callerArn().isPresent()
        && Identity.of(row.callerArn().get()).userName().equals(userName);
  }

  /** Returns whether the record is about a key, named by id or ARN. */
  static boolean isAbout(RecordDecoder.Row row, String resource) {
    Optional<String> arn = row.keyArn();
    return arn.isPresent()
        && (arn.get().equals(resource) || arn.get().endsWith(":key/" + resource));
  }
}
