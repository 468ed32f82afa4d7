// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns values of events into what {@link JournalFormat} says of their entries and fields. */
final class EventEncoder {

  // An error text must never make its own record too long.
  private static final int MAX_ERROR_CHARS = 4096;

  private EventEncoder() {}

  /** Puts together the entry of a value. */
  static void entry(FrameWriter frame, int id, Object value) {
    List<String> texts = texts(value);
    frame.begin(JournalFormat.ENTRY).varint(id).varint(texts.size());
    texts.forEach(frame::text);
  }

  private static List<String> texts(Object value) {
    if (value instanceof Caller caller) {
      return List.of(caller.arn(), caller.accessKeyId());
    }
    if (value instanceof EncryptionContext context) {
      return flat(context.pairs());
    }
    if (value instanceof Map<?, ?> map) {
      return flat(map);
    }
    return List.of(value.toString());
  }

  /** Returns names and values in turn, in the order of the names, so that equal maps read alike. */
  static List<String> flat(Map<?, ?> map) {
    TreeMap<String, String> sorted = new TreeMap<>();
    map.forEach((name, value) -> sorted.put(name.toString(), value.toString()));
    List<String> texts = new ArrayList<>();
    sorted.forEach(
        (name, value) -> {
          texts.add(name);
          texts.add(value);
        });
    return texts;
  }

  /** Begins a record; the eight ids follow. */
  static FrameWriter record(FrameWriter frame, AuditEvent event, long timeMillis) {
    int flags =
        (event.readOnly() ? JournalFormat.READ_ONLY : 0)
            | (event.errorMessage() == null ? 0 : JournalFormat.HAS_ERROR_MESSAGE);
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
  }
}
