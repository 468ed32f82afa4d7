// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns the frames of one file back into records.
 *
 * <p>Not thread-safe; one for each file, since ids are a file's own.
 */
final class RecordDecoder {
  private static final int IDS = 8;
  private static final int NAME = 0;
  private static final int CALLER = 1;
  private static final int KEY = 2;
  private static final int MATERIAL = 3;
  private static final int CONTEXT = 4;
  private static final int PARAMETERS = 5;
  private static final int DECIDED_BY = 6;
  private static final int ERROR = 7;

  private final Map<Integer, List<String>> entries = new HashMap<>();
  private final int[] ids = new int[IDS];
  private Map<String, String> process = Map.of();
  private int flags;
  private long timeMillis;

  /** Takes the properties of the process from a header. */
  void header(FrameReader payload) throws FrameReader.Malformed {
    payload.raw(JournalFormat.HEADER_FIXED_BYTES);
    process = FrameReader.pairs(payload.texts());
  }

  void entry(FrameReader payload) throws FrameReader.Malformed {
    entries.put(payload.varint(), payload.texts());
  }

  /** Reads the time of a record: the first thing that tells whether it is wanted. */
  long time(FrameReader payload) throws FrameReader.Malformed {
    flags = payload.u8();
    timeMillis = payload.u48();
    return timeMillis;
  }

  /** Reads the rest of a record, after its time. */
  AuditRecord record(FrameReader payload, UUID stream, long sequence) throws FrameReader.Malformed {
    for (int i = 0; i < IDS; i++) {
      ids[i] = payload.varint();
    }
    Optional<String> errorMessage =
        (flags & JournalFormat.HAS_ERROR_MESSAGE) == 0
            ? Optional.empty()
            : Optional.of(payload.text());
    return new AuditRecord(
        stream.toString(),
        sequence,
        Instant.ofEpochMilli(timeMillis),
        text(NAME, 0).orElseThrow(FrameReader.Malformed::new),
        (flags & JournalFormat.READ_ONLY) != 0,
        text(CALLER, 0),
        text(CALLER, 1),
        text(KEY, 0),
        text(MATERIAL, 0),
        FrameReader.pairs(texts(CONTEXT)),
        FrameReader.pairs(texts(PARAMETERS)),
        text(DECIDED_BY, 0),
        text(ERROR, 0),
        errorMessage,
        process,
        AuditRecord.Integrity.UNSEALED);
  }

  private Optional<String> text(int field, int index) throws FrameReader.Malformed {
    List<String> texts = texts(field);
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    if (index >= texts.size()) {
      throw new FrameReader.Malformed();
    }
    return Optional.of(texts.get(index));
  }

  private List<String> texts(int field) throws FrameReader.Malformed {
    if (ids[field] == 0) {
      return List.of();
    }
    List<String> texts = entries.get(ids[field]);
    if (texts == null) {
      throw new FrameReader.Malformed();
    }
    return texts;
  }
}
