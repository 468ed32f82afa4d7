// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import java.util.Map;
import java.util.TreeMap;

/** Turns values of events into what {@link JournalFormat} says of their entries and fields. */
final class EventEncoder {

  // An error text must never make its own record too long.
  private static final int MAX_ERROR_CHARS = 4096;

  private EventEncoder() {}

  /** Puts together the entry of a value. */
  static void entry(FrameWriter frame, int id, Object value) {
    frame.begin(JournalFormat.ENTRY).varint(id);
    if (value instanceof EncryptionContext context) {
      pairs(frame, context.pairs());
    } else if (value instanceof Map<?, ?> map) {
      pairs(frame, sorted(map));
    } else if (value instanceof Caller caller) {
      caller(frame, caller);
    } else {
      frame.varint(1).text(value.toString());
    }
  }

  /** A session is followed by what its ARN does not say: the role's id, and when it began. */
  private static void caller(FrameWriter frame, Caller caller) {
    frame.varint(caller.session().isPresent() ? 4 : 2);
    frame.text(caller.arn()).text(caller.accessKeyId());
    caller
        .session()
        .ifPresent(session -> frame.text(session.roleId()).text(session.issued().toString()));
  }

  /** Writes names and values in turn, after their count. */
  static void pairs(FrameWriter frame, Map<String, String> pairs) {
    frame.varint(2 * pairs.size());
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      frame.text(pair.getKey()).text(pair.getValue());
    }
  }

  /** Returns the pairs in the order of their names, so that equal maps read alike. */
  static Map<String, String> sorted(Map<?, ?> map) {
    Map<String, String> sorted = new TreeMap<>();
    map.forEach((name, value) -> sorted.put(name.toString(), value.toString()));
    return sorted;
  }

  /** Begins a record; the eight ids follow. */
  static FrameWriter record(FrameWriter frame, AuditEvent event, long timeMillis) {
    int flags =
        (event.readOnly() ? JournalFormat.READ_ONLY : 0)
            | (event.errorMessage() == null ? 0 : JournalFormat.HAS_ERROR_MESSAGE)
            | (event.requestId() == null ? 0 : JournalFormat.HAS_REQUEST_ID);
    return frame.begin(JournalFormat.RECORD).u8(flags).u48(timeMillis);
  }

  /** Ends a record, after its ids. */
  static void recordEnd(FrameWriter frame, AuditEvent event) {
    String message = event.errorMessage();
    if (message != null) {
      frame.text(
          message.length() <= MAX_ERROR_CHARS
              ? message
              : message.substring(0, MAX_ERROR_CHARS - 1) + "…");
    }
    if (event.requestId() != null) {
      frame.uuid(event.requestId());
    }
  }
}
