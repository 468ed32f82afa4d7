// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/**
 * One search through all streams of a folder.
 *
 * <p>Reads the files that were written last before the others: where the newest records are all
 * that is asked for, those of the others are too old, and pass quickly. Of what it finds, it
 * verifies the blocks, not the streams.
 */
final class Lookup implements FileSearch.Finder {
  private static final System.Logger LOG = System.getLogger(Lookup.class.getName());

  private static final Comparator<Hit> BY_TIME =
      Comparator.comparingLong((Hit hit) -> hit.row().timeMillis())
          .thenComparing(hit -> hit.row().stream())
          .thenComparingLong(hit -> hit.row().sequence());

  private final AuditVerifier verifier;
  private final AuditQuery query;
  private final Selection selection;
  private final PriorityQueue<Hit> newest = new PriorityQueue<>(BY_TIME);

  /** A record that was found, and the block that it stands in. */
  private record Hit(RecordDecoder.Row row, SealedBlock block) {}

  /** A file to be searched. */
  private record Candidate(UUID stream, Path path, FileTime written) {}

  Lookup(AuditVerifier verifier, AuditQuery query) {
    if (query.limit() < 1) {
      throw new IllegalArgumentException("A lookup asks for 1 record at least");
    }
    this.verifier = verifier;
    this.query = query;
    this.selection = new Selection(query);
  }

  List<AuditRecord> run() {
    search();
    List<Hit> found = new ArrayList<>(newest);
    found.sort(BY_TIME);
    return verified(found);
  }

  /** Returns the time of the newest record, which is not verified. */
  Optional<Instant> latest() {
    search();
    return newest.stream()
        .map(hit -> Instant.ofEpochMilli(hit.row().timeMillis()))
        .max(Comparator.naturalOrder());
  }

  private void search() {
    try {
      for (Candidate file : files()) {
        FileSearch.search(file.stream(), file.path(), selection, this);
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable("The audit trail cannot be read (" + e + ").", e);
    }
  }

  private List<Candidate> files() throws IOException {
    List<Candidate> files = new ArrayList<>();
    for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : verifier.readable().entrySet()) {
      for (Path path : stream.getValue().values()) {
        files.add(new Candidate(stream.getKey(), path, Files.getLastModifiedTime(path)));
      }
    }
    files.sort(Comparator.comparing(Candidate::written).reversed());
    return files;
  }

  @Override
  public long earliestMillis() {
    Hit oldest = newest.peek();
    return isFull() && oldest != null ? oldest.row().timeMillis() : Long.MIN_VALUE;
  }

  private boolean isFull() {
    return newest.size() >= query.limit();
  }

  @Override
  public void found(RecordDecoder.Row row, SealedBlock block) {
    if (selection.isWanted(row)) {
      boolean isOneTooMany = isFull();
      newest.add(new Hit(row, block));
      if (isOneTooMany) {
        newest.poll();
      }
    }
  }

  /** Says of each record what protects it. */
  private List<AuditRecord> verified(List<Hit> found) {
    Set<SealedBlock> fitting = fitting(found);
    return found.stream().map(hit -> hit.row().record(integrity(hit.block(), fitting))).toList();
  }

  private Set<SealedBlock> fitting(List<Hit> found) {
    Map<UUID, Set<SealedBlock>> blocks = new HashMap<>();
    for (Hit hit : found) {
      if (hit.block().seal() != null) {
        blocks.computeIfAbsent(hit.row().stream(), id -> new HashSet<>()).add(hit.block());
      }
    }
    Set<SealedBlock> fitting = new HashSet<>();
    blocks.forEach(
        (stream, its) -> {
          fitting.addAll(verifier.fitting(stream, its));
          its.removeAll(fitting);
          its.forEach(Lookup::log);
        });
    return fitting;
  }

  private static AuditRecord.Integrity integrity(SealedBlock block, Set<SealedBlock> fitting) {
    if (block.seal() == null) {
      return AuditRecord.Integrity.UNSEALED;
    }
    return fitting.contains(block) ? AuditRecord.Integrity.SEALED : AuditRecord.Integrity.DAMAGED;
  }

  private static void log(SealedBlock damaged) {
    LOG.log(
        Level.WARNING,
        "The audit trail was changed: {0} at {1}: the seal over the records from {2} on does not"
            + " fit. Run cloudtrail validate-logs.",
        damaged.file().getFileName(),
        Long.toString(damaged.offset()),
        Long.toString(damaged.firstRecord()));
  }
}
