// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes the records that came since the last export into a folder, as CloudTrail does into a
 * bucket: log files by the hour, and one digest file, which names them and the digest before. Each
 * record is in exactly one export: what counts is its place in its stream, not its time, so that
 * one that was read late is not left out.
 *
 * <p>Thread-safe; a folder takes one export at a time.
 */
public final class LogExport {
  private final Journal trail;
  private final Place place;
  private final Clock clock;

  /**
   * Returns an export of a trail.
   *
   * @param place the region and account that the files name
   * @param clock the time of digests
   */
  public LogExport(Journal trail, Place place, Clock clock) {
    this.trail = trail;
    this.place = place;
    this.clock = clock;
  }

  /**
   * Exports into a folder, which is made if it is not there. A fault leaves the folder as it was
   * before, or as it is after.
   *
   * @throws KmsException.Configuration if the folder cannot be used: the message says why
   * @throws KmsException.AuditUnavailable if the trail cannot be read
   */
  public ExportResult into(Path target) {
    try (ExportFolder folder = ExportFolder.open(target)) {
      return export(folder);
    } catch (IOException e) {
      throw unusable(target, e);
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause();
      throw unusable(target, cause == null ? e : cause);
    }
  }

  private static KmsException unusable(Path target, Throwable cause) {
    String reason =
        cause instanceof ExportFolder.BusyException
            ? String.valueOf(cause.getMessage())
            : cause.toString();
    return new KmsException.Configuration(
        "The audit trail cannot be exported into "
            + target
            + " ("
            + reason
            + "). What it has is as it was; nothing is lost by exporting later.",
        cause);
  }

  private ExportResult export(ExportFolder folder) throws IOException {
    Cursor cursor = Cursor.in(folder.objects());
    Optional<SignedDigest> previous = previous(folder, cursor);
    Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (previous.isPresent() && !end.isAfter(previous.get().digest().end())) {
      throw new IOException(
          "its last digest ends at "
              + previous.get().digest().end()
              + ", and it is not later now: wait, set the clock right, or export into a new folder");
    }
    try (LogFiles files = new LogFiles(folder, place)) {
      Counts counts = new Counts(cursor.counts());
      List<Verification> looked =
          trail.readOn(cursor.counts(), record -> add(record, files, counts));
      byte[] next = Cursor.toBytes(Names.digest(place, end), counts.reached);
      folder.stage(next, Cursor.OBJECT);
      Digest digest =
          digest(folder, previous, end, files.finish(), counts.ranges(), Hex.sha256(next));
      SignedDigest.stage(folder, digest, trail.notary());
      folder.commit();
      return new ExportResult(
          digest.object(),
          digest.logFiles().stream().map(Digest.LogFile::object).toList(),
          counts.records,
          looked.stream().filter(stream -> !stream.isIntact()).toList());
    }
  }

  /** Returns the digest that the next one follows, and that vouches for the cursor. */
  private Optional<SignedDigest> previous(ExportFolder folder, Cursor cursor) throws IOException {
    if (cursor.lastDigest().isEmpty()) {
      return Optional.empty();
    }
    SignedDigest last = SignedDigest.read(folder.objects(), cursor.lastDigest().get());
    if (trail.publicKeys().stream().noneMatch(last::isSignedBy)
        || !last.digest().cursorHash().equals(cursor.hash())) {
      throw new IOException(
          Cursor.OBJECT
              + " or the last digest was changed, or another KMS exported into it: restore them,"
              + " or export into a new folder");
    }
    return Optional.of(last);
  }

  private static void add(AuditRecord record, LogFiles files, Counts counts) {
    try {
      files.add(record);
      counts.add(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Digest digest(
      ExportFolder folder,
      Optional<SignedDigest> previous,
      Instant end,
      List<Digest.LogFile> files,
      List<Digest.Range> ranges,
      String cursorHash) {
    Optional<Instant> newest = files.stream().map(Digest.LogFile::newest).max(Instant::compareTo);
    Optional<Instant> oldest = files.stream().map(Digest.LogFile::oldest).min(Instant::compareTo);
    Instant start = previous.map(last -> last.digest().end()).or(() -> oldest).orElse(end);
    return new Digest(
        place.account(),
        start,
        end,
        folder.name(),
        Names.digest(place, end),
        Digest.fingerprint(trail.publicKeys().get(0).getEncoded()),
        newest,
        oldest,
        previous.map(SignedDigest::asPrevious),
        files,
        ranges,
        cursorHash);
  }

  /** How many records of each stream there were before and are now. */
  private static final class Counts {
    private final Map<UUID, Long> before;
    private final Map<UUID, Long> reached;
    private long records;

    Counts(Map<UUID, Long> before) {
      this.before = before;
      this.reached = new TreeMap<>(before);
    }

    void add(AuditRecord record) {
      reached.put(UUID.fromString(record.stream()), record.sequence() + 1);
      records++;
    }

    List<Digest.Range> ranges() {
      List<Digest.Range> ranges = new ArrayList<>();
      reached.forEach(
          (stream, to) -> {
            long from = before.getOrDefault(stream, 0L);
            if (to > from) {
              ranges.add(new Digest.Range(stream, from, to));
            }
          });
      return ranges;
    }
  }
}
