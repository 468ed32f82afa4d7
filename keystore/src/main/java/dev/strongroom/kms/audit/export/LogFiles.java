// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import dev.strongroom.kms.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts records into files by the hour. Keeps a few open, since streams lie one after the other and
 * clocks are set back; an hour may have several. Not thread-safe.
 */
final class LogFiles implements AutoCloseable {
  private static final int MOST_OPEN = 8;

  private final ExportFolder folder;
  private final Place place;
  private final Map<Instant, LogFileWriter> open = new LinkedHashMap<>(16, 0.75f, true);
  private final List<Digest.LogFile> finished = new ArrayList<>();

  LogFiles(ExportFolder folder, Place place) {
    this.folder = folder;
    this.place = place;
  }

  void add(AuditRecord record) throws IOException {
    Instant time = record.eventTime().truncatedTo(ChronoUnit.SECONDS);
    Instant hour = time.truncatedTo(ChronoUnit.HOURS);
    LogFileWriter writer = open.get(hour);
    if (writer == null || writer.isFull()) {
      makeRoom(hour);
      writer = new LogFileWriter(folder.newPart(), folder.readers(), time);
      open.put(hour, writer);
    }
    writer.add(Json.write(CloudTrailJson.event(record, place)), time);
  }

  /** Ends the full file of that hour, or else the one that was written to the longest ago. */
  private void makeRoom(Instant hour) throws IOException {
    if (open.containsKey(hour)) {
      finish(hour);
    } else if (open.size() >= MOST_OPEN) {
      finish(open.keySet().iterator().next());
    }
  }

  private void finish(Instant hour) throws IOException {
    try (LogFileWriter writer = open.remove(hour)) {
      finished.add(writer.finish(folder, Names.logFile(place, hour)));
    }
  }

  /** Ends all files and returns them. */
  List<Digest.LogFile> finish() throws IOException {
    for (Instant hour : List.copyOf(open.keySet())) {
      finish(hour);
    }
    return finished;
  }

  @Override
  public void close() throws IOException {
    @Nullable IOException failure = null;
    for (LogFileWriter writer : open.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
