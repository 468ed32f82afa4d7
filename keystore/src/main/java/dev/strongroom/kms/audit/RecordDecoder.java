// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.usage.UsageTally;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the frames of one file back into records. A record is read in two steps, so that those that
 * a search passes over cost little.
 *
 * <p>Not thread-safe; one for each file, since ids are a file's own.
 */
final class RecordDecoder {
  private static final int IDS = 8;
  static final int NAME = 0;
  static final int CALLER = 1;
  static final int KEY = 2;
  private static final int MATERIAL = 3;
  private static final int CONTEXT = 4;
  private static final int PARAMETERS = 5;
  private static final int DECIDED_BY = 6;
  static final int ERROR = 7;
  private static final List<Integer> SAME_CALL =
      List.of(NAME, CALLER, KEY, MATERIAL, CONTEXT, PARAMETERS);

  private static final String ASSUME_ROLE = Operation.ASSUME_ROLE.eventName();

  private final UUID stream;
  private final Map<Integer, List<String>> entries = new HashMap<>();
  private Map<String, String> process = Map.of();

  RecordDecoder(UUID stream) {
    this.stream = stream;
  }

  /** Takes the properties of the process from a header. */
  void header(FrameReader payload) throws FrameReader.Malformed {
    payload.raw(JournalFormat.HEADER_FIXED_BYTES);
    process = FrameReader.pairs(payload.texts());
  }

  void entry(FrameReader payload) throws FrameReader.Malformed {
    entries.put(payload.varint(), payload.texts());
  }

  /** Reads a record as far as all of them are alike. */
  Row row(FrameReader payload, long sequence) throws FrameReader.Malformed {
    int flags = payload.u8();
    long timeMillis = payload.u48();
    int[] ids = new int[IDS];
    for (int i = 0; i < IDS; i++) {
      ids[i] = payload.varint();
      if (ids[i] != 0 && !entries.containsKey(ids[i])) {
        throw new FrameReader.Malformed();
      }
    }
    boolean hasMessage = (flags & JournalFormat.HAS_ERROR_MESSAGE) != 0;
    String message = hasMessage ? payload.text() : "";
    boolean hasId = (flags & JournalFormat.HAS_REQUEST_ID) != 0;
    return new Row(sequence, flags, timeMillis, ids, message, hasId ? payload.uuid() : null);
  }

  /** A record whose texts are still ids. */
  final class Row {
    private final long sequence;
    private final int flags;
    private final long timeMillis;
    private final int[] ids;
    private final String errorMessage;
    private final @Nullable UUID requestId;

    private Row(
        long sequence,
        int flags,
        long timeMillis,
        int[] ids,
        String errorMessage,
        @Nullable UUID requestId) {
      this.sequence = sequence;
      this.flags = flags;
      this.timeMillis = timeMillis;
      this.ids = ids;
      this.errorMessage = errorMessage;
      this.requestId = requestId;
    }

    UUID stream() {
      return stream;
    }

    long sequence() {
      return sequence;
    }

    long timeMillis() {
      return timeMillis;
    }

    UUID eventId() {
      return AuditRecord.derivedId("event", stream, sequence);
    }

    boolean isReadOnly() {
      return (flags & JournalFormat.READ_ONLY) != 0;
    }

    String eventName() {
      return text(NAME, 0).orElse("");
    }

    Optional<String> callerArn() {
      return text(CALLER, 0);
    }

    Optional<String> accessKeyId() {
      return text(CALLER, 1);
    }

    Optional<String> errorCode() {
      return text(ERROR, 0);
    }

    Optional<String> keyArn() {
      return text(KEY, 0);
    }

    Optional<String> keyMaterialId() {
      return text(MATERIAL, 0);
    }

    /** See {@link AuditRecord#SHARED_WITH}. */
    Optional<String> sharedWith() {
      return eventName().equals(ASSUME_ROLE)
          ? Optional.ofNullable(FrameReader.pairs(texts(PARAMETERS)).get(AuditRecord.SHARED_WITH))
          : Optional.empty();
    }

    /**
     * Returns how the call ended that the record is about; only those let through have material.
     */
    UsageTally.Outcome outcome() {
      if (ids[ERROR] == 0) {
        return UsageTally.Outcome.CALL;
      }
      if (FrameReader.pairs(texts(PARAMETERS)).containsKey(AuditRecord.DRY_RUN)) {
        return UsageTally.Outcome.DRY_RUN;
      }
      return ids[MATERIAL] == 0 ? UsageTally.Outcome.REFUSAL : UsageTally.Outcome.FAILURE;
    }

    /** Returns whether a record is on a call that is like this one, whatever came of it. */
    boolean isSameCall(Row other) {
      return SAME_CALL.stream().allMatch(field -> texts(field).equals(other.texts(field)));
    }

    /** Returns what the caller was told, or what stands for it where it was told nothing. */
    UUID requestId() {
      return requestId == null ? AuditRecord.derivedId("request", stream, sequence) : requestId;
    }

    AuditRecord record(AuditRecord.Integrity integrity) {
      boolean hasMessage = (flags & JournalFormat.HAS_ERROR_MESSAGE) != 0;
      return new AuditRecord(
          stream.toString(),
          sequence,
          Instant.ofEpochMilli(timeMillis),
          eventName(),
          isReadOnly(),
          callerArn(),
          accessKeyId(),
          text(CALLER, 2)
              .map(roleId -> new AuditRecord.SessionIssue(roleId, text(CALLER, 3).orElse(""))),
          keyArn(),
          keyMaterialId(),
          FrameReader.pairs(texts(CONTEXT)),
          FrameReader.pairs(texts(PARAMETERS)),
          text(DECIDED_BY, 0),
          errorCode(),
          hasMessage ? Optional.of(errorMessage) : Optional.empty(),
          process,
          integrity,
          requestId());
    }

    private Optional<String> text(int field, int index) {
      List<String> texts = texts(field);
      return index < texts.size() ? Optional.of(texts.get(index)) : Optional.empty();
    }

    /** Returns what stands in one of the fields; nothing where it is empty. */
    List<String> texts(int field) {
      return entries.getOrDefault(ids[field], List.of());
    }
  }
}
