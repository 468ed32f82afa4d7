// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/** One search through all streams of a folder. */
final class Lookup {
  private static final System.Logger LOG = System.getLogger(Lookup.class.getName());

  private static final Comparator<RecordDecoder.Row> BY_TIME =
      Comparator.comparingLong(RecordDecoder.Row::timeMillis)
          .thenComparing(RecordDecoder.Row::stream)
          .thenComparingLong(RecordDecoder.Row::sequence);

  private final Path folder;
  private final AuditVerifier verifier;
  private final AuditQuery query;
  private final Selection selection;
  private final PriorityQueue<RecordDecoder.Row> newest = new PriorityQueue<>(BY_TIME);

  Lookup(Path folder, AuditVerifier verifier, AuditQuery query) {
    if (query.limit() < 1) {
      throw new IllegalArgumentException("A lookup asks for 1 record at least");
    }
    this.folder = folder;
    this.verifier = verifier;
    this.query = query;
    this.selection = new Selection(query);
  }

  List<AuditRecord> run() {
    RecordPass.overAll(
        folder,
        stream ->
            new RecordPass(stream) {
              @Override
              void row(RecordDecoder.Row row) {
                consider(row);
              }
            });
    List<RecordDecoder.Row> found = new ArrayList<>(newest);
    found.sort(BY_TIME);
    return verified(found);
  }

  /** Says of each record what protects it; only the streams that were found in are verified. */
  private List<AuditRecord> verified(List<RecordDecoder.Row> found) {
    Map<UUID, Verification> streams = new HashMap<>();
    List<AuditRecord> result = new ArrayList<>();
    for (RecordDecoder.Row row : found) {
      Verification stream =
          streams.computeIfAbsent(row.stream(), id -> logged(verifier.verify(id)));
      result.add(row.record(stream.integrityOf(row.sequence())));
    }
    return result;
  }

  private static Verification logged(Verification verification) {
    for (Verification.Finding finding : verification.findings()) {
      LOG.log(
          Level.WARNING,
          "The audit trail was changed: {0} at {1}: {2}",
          finding.file(),
          Long.toString(finding.offset()),
          finding.sentence());
    }
    return verification;
  }

  private void consider(RecordDecoder.Row row) {
    RecordDecoder.Row oldest = newest.peek();
    boolean isFull = newest.size() >= query.limit();
    if (isFull && oldest != null && BY_TIME.compare(row, oldest) < 0) {
      return;
    }
    if (selection.isWanted(row)) {
      newest.add(row);
      if (isFull) {
        newest.poll();
      }
    }
  }
}
