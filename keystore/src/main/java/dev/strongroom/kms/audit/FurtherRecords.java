// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads on in all streams of a folder from where an earlier reading ended. */
final class FurtherRecords {
  private final Path folder;
  private final AuditVerifier verifier;
  private final StreamRegister register;

  FurtherRecords(Path folder, AuditVerifier verifier, StreamRegister register) {
    this.folder = folder;
    this.verifier = verifier;
    this.register = register;
  }

  /** See {@link Journal#readOn}. */
  List<Verification> read(Map<UUID, Long> from, Consumer<AuditRecord> each) {
    List<Verification> looked = new ArrayList<>();
    for (UUID stream : verifier.streams()) {
      long start = from.getOrDefault(stream, 0L);
      if (!isAtEnd(stream, start)) {
        Verification verification = verifier.verify(stream);
        looked.add(verification);
        read(verification, start, each);
      }
    }
    return looked;
  }

  /** A closed stream has no more than it had: those that were read to the end cost nothing. */
  private boolean isAtEnd(UUID stream, long start) {
    return register
        .find(stream)
        .flatMap(RegisteredStream::end)
        .filter(end -> end.records() == start)
        .isPresent();
  }

  private void read(Verification verification, long start, Consumer<AuditRecord> each) {
    long end = verification.intactRecords();
    if (end <= start) {
      return;
    }
    UUID stream = verification.stream();
    try {
      SortedMap<Integer, Path> files =
          StreamFiles.in(folder).getOrDefault(stream, Collections.emptySortedMap());
      StreamWalk.walk(
          files,
          new RecordPass(stream) {
            @Override
            void row(RecordDecoder.Row row) {
              if (row.sequence() >= start && row.sequence() < end) {
                each.accept(row.record(verification.integrityOf(row.sequence())));
              }
            }
          });
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable(
          "The audit trail in " + folder + " cannot be read (" + e + ").", e);
    }
  }
}
