// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.List;

/** Says of one record after the other whether a query selects it. */
final class Selection {
  /** Stands for no field where nothing is wanted that is one of a record's entries. */
  static final int NO_FIELD = -1;

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

  /** Returns which of a record's ids leads to an entry that a wanted record must have. */
  int field() {
    for (AuditQuery.Attribute attribute : query.attributes()) {
      int field = field(attribute.key());
      if (field != NO_FIELD) {
        return field;
      }
    }
    return NO_FIELD;
  }

  private static int field(AuditQuery.AttributeKey key) {
    return switch (key) {
      case EVENT_NAME, EVENT_SOURCE -> RecordDecoder.NAME;
      case USERNAME, ACCESS_KEY_ID -> RecordDecoder.CALLER;
      case RESOURCE_NAME, RESOURCE_TYPE -> RecordDecoder.KEY;
      case ERROR_CODE -> RecordDecoder.ERROR;
      case EVENT_ID, READ_ONLY, REQUEST_ID -> NO_FIELD;
    };
  }

  /** Returns whether a wanted record may have an entry in that field. */
  boolean isWantedEntry(List<String> texts) {
    int field = field();
    return query.attributes().stream()
        .filter(attribute -> field(attribute.key()) == field)
        .allMatch(attribute -> has(texts, attribute));
  }

  boolean isOfTime(long millis) {
    return millis >= fromMillis && millis < toMillis;
  }

  boolean isWanted(RecordDecoder.Row row) {
    return isOfTime(row.timeMillis())
        && query.attributes().stream().allMatch(attribute -> has(row, attribute))
        && (query.viewer().isEmpty() || query.viewer().get().sees(row));
  }

  private static boolean has(RecordDecoder.Row row, AuditQuery.Attribute attribute) {
    String value = attribute.value();
    return switch (attribute.key()) {
      case EVENT_ID -> row.eventId().toString().equals(value);
      case READ_ONLY -> Boolean.toString(row.isReadOnly()).equals(value);
      case REQUEST_ID -> row.requestId().toString().equals(value);
      default -> has(row.texts(field(attribute.key())), attribute);
    };
  }

  /** Returns whether what stands in the attribute's field of a record is what it asks for. */
  private static boolean has(List<String> texts, AuditQuery.Attribute attribute) {
    if (texts.isEmpty()) {
      return false;
    }
    String first = texts.get(0);
    String value = attribute.value();
    return switch (attribute.key()) {
      case EVENT_NAME, ERROR_CODE -> first.equals(value);
      case EVENT_SOURCE -> CloudTrailJson.eventSource(first).equals(value);
      case USERNAME -> Identity.of(first).userName().equals(value);
      case ACCESS_KEY_ID -> texts.size() > 1 && texts.get(1).equals(value);
      case RESOURCE_NAME -> isKey(first, value);
      case RESOURCE_TYPE -> CloudTrailJson.KEY_TYPE.equals(value);
      case EVENT_ID, READ_ONLY, REQUEST_ID -> throw new AssertionError(attribute.key());
    };
  }

  /** Returns whether the record is about a key, named by id or ARN. */
  static boolean isAbout(RecordDecoder.Row row, String resource) {
    return row.keyArn().filter(arn -> isKey(arn, resource)).isPresent();
  }

  private static boolean isKey(String arn, String resource) {
    return arn.equals(resource) || arn.endsWith(":key/".concat(resource));
  }
}
