// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
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
  private final long fromMillis;
  private final long toMillis;
  private final PriorityQueue<RecordDecoder.Row> newest = new PriorityQueue<>(BY_TIME);

  Lookup(Path folder, AuditVerifier verifier, AuditQuery query) {
    if (query.limit() < 1) {
      throw new IllegalArgumentException("A lookup asks for 1 record at least");
    }
    this.folder = folder;
    this.verifier = verifier;
    this.query = query;
    this.fromMillis = query.from().map(Lookup::ceilingMillis).orElse(Long.MIN_VALUE);
    this.toMillis = query.to().map(Lookup::ceilingMillis).orElse(Long.MAX_VALUE);
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

  List<AuditRecord> run() {
    try {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : StreamFiles.in(folder).entrySet()) {
        StreamWalk.walk(
            stream.getValue(),
            new RecordPass(stream.getKey()) {
              @Override
              void row(RecordDecoder.Row row) {
                consider(row);
              }
            });
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable(
          "The audit trail in " + folder + " cannot be read (" + e + ").", e);
    }
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
    if (isWanted(row)) {
      newest.add(row);
      if (isFull) {
        newest.poll();
      }
    }
  }

  private boolean isWanted(RecordDecoder.Row row) {
    return row.timeMillis() >= fromMillis
        && row.timeMillis() < toMillis
        && (query.eventName().isEmpty() || query.eventName().get().equals(row.eventName()))
        && (query.userName().isEmpty() || isBy(row, query.userName().get()))
        && (query.resourceName().isEmpty() || isAbout(row, query.resourceName().get()))
        && (query.requestId().isEmpty() || query.requestId().get().equals(row.requestId()))
        && (query.viewer().isEmpty() || query.viewer().get().sees(row.callerArn(), row.keyArn()));
  }

  private static boolean isBy(RecordDecoder.Row row, String userName) {
    return row.callerArn().isPresent()
        && Identity.of(row.callerArn().get()).userName().equals(userName);
  }

  /** Returns whether the record is about a key, named by id or ARN. */
  static boolean isAbout(RecordDecoder.Row row, String resource) {
    return row.keyArn().isPresent()
        && (row.keyArn().get().equals(resource) || row.keyArn().get().endsWith(":key/" + resource));
  }
}
