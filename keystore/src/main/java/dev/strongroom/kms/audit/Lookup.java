// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
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

  private static final Comparator<AuditRecord> BY_TIME =
      Comparator.comparing(AuditRecord::eventTime)
          .thenComparing(AuditRecord::stream)
          .thenComparingLong(AuditRecord::sequence);

  private final Path folder;
  private final StreamKeys keys;
  private final AuditQuery query;
  private final PriorityQueue<AuditRecord> newest = new PriorityQueue<>(BY_TIME);

  Lookup(Path folder, StreamKeys keys, AuditQuery query) {
    if (query.limit() < 1) {
      throw new IllegalArgumentException("A lookup asks for 1 record at least");
    }
    this.folder = folder;
    this.keys = keys;
    this.query = query;
  }

  List<AuditRecord> run() {
    try {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : StreamFiles.in(folder).entrySet()) {
        StreamWalk.walk(stream.getValue(), new Selection(stream.getKey()));
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable(
          "The audit trail in " + folder + " cannot be read (" + e + ").", e);
    }
    List<AuditRecord> found = new ArrayList<>(newest);
    found.sort(BY_TIME);
    return verified(found);
  }

  /** Says of each record what protects it; only the streams that were found in are verified. */
  private List<AuditRecord> verified(List<AuditRecord> found) {
    AuditVerifier verifier = new AuditVerifier(folder, keys);
    Map<String, Verification> streams = new HashMap<>();
    List<AuditRecord> result = new ArrayList<>();
    for (AuditRecord record : found) {
      Verification stream =
          streams.computeIfAbsent(record.stream(), id -> verify(verifier, UUID.fromString(id)));
      result.add(record.withIntegrity(stream.integrityOf(record.sequence())));
    }
    return result;
  }

  private static Verification verify(AuditVerifier verifier, UUID stream) {
    Verification verification = verifier.verify(stream);
    for (Verification.Finding finding : verification.findings()) {
      LOG.log(
          Level.WARNING,
          "The audit trail was changed: {0} at {1}: {2}",
          finding.file(),
          finding.offset(),
          finding.sentence());
    }
    return verification;
  }

  private boolean isWanted(long timeMillis) {
    AuditRecord oldest = newest.peek();
    return query.from().stream().allMatch(from -> timeMillis >= from.toEpochMilli())
        && query.to().stream().allMatch(to -> timeMillis < to.toEpochMilli())
        && (newest.size() < query.limit()
            || oldest == null
            || timeMillis >= oldest.eventTime().toEpochMilli());
  }

  private boolean isWanted(AuditRecord record) {
    return query.eventName().stream().allMatch(record.eventName()::equals)
        && query.userName().stream().allMatch(user -> isBy(record, user))
        && query.resourceName().stream().allMatch(resource -> isAbout(record, resource));
  }

  private static boolean isBy(AuditRecord record, String userName) {
    return record
        .callerArn()
        .map(arn -> Identity.of(arn).userName().equals(userName))
        .orElse(false);
  }

  private static boolean isAbout(AuditRecord record, String resource) {
    return record
        .keyArn()
        .map(arn -> arn.equals(resource) || arn.endsWith(":key/" + resource))
        .orElse(false);
  }

  private void keep(AuditRecord record) {
    newest.add(record);
    if (newest.size() > query.limit()) {
      newest.poll();
    }
  }

  /** Keeps what the query selects from one stream, as far as that can be read. */
  private final class Selection implements StreamWalk.Visitor {
    private final UUID stream;
    private RecordDecoder decoder = new RecordDecoder();

    Selection(UUID stream) {
      this.stream = stream;
    }

    @Override
    public void file(int index, String name) {
      decoder = new RecordDecoder();
    }

    @Override
    public void frame(FileScan scan, long records) throws FrameReader.Malformed {
      FrameReader payload = scan.payload();
      switch (scan.type()) {
        case JournalFormat.HEADER -> decoder.header(payload);
        case JournalFormat.ENTRY -> decoder.entry(payload);
        case JournalFormat.RECORD -> {
          if (isWanted(decoder.time(payload))) {
            AuditRecord record = decoder.record(payload, stream, records);
            if (isWanted(record)) {
              keep(record);
            }
          }
        }
        default -> {}
      }
    }

    // The verifier tells what could not be read.

    @Override
    public void damage(long offset, long records) {}

    @Override
    public void unknown(long offset, long records) {}

    @Override
    public void end(long offset, long records, long tornBytes) {}
  }
}
