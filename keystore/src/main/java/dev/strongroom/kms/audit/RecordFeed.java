// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The records that are written from now on, by this process and others. Each reading reads what was
 * added since the one before, and nothing twice. Nothing is verified: most of it is not sealed yet.
 *
 * <p>Not thread-safe. Holds a file open for each stream that may grow.
 */
public final class RecordFeed implements AutoCloseable {
  private final Path folder;
  private final Selection selection;
  private final Map<UUID, StreamTail> streams = new HashMap<>();

  /** Goes to the end of all streams. */
  RecordFeed(Path folder, StreamRegister register, AuditQuery query) {
    this.folder = folder;
    this.selection = new Selection(query);
    boolean isThere = false;
    try {
      goToEnds(Inventory.of(register, folder));
      isThere = true;
    } catch (IOException e) {
      throw unreadable(e);
    } finally {
      if (!isThere) {
        close(); // nobody else can
      }
    }
  }

  /** A stream that is there at the start is read from its last file on, if it can grow. */
  private void goToEnds(Inventory start) throws IOException {
    for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : start.files().entrySet()) {
      UUID id = stream.getKey();
      boolean isClosed = start.find(id).flatMap(RegisteredStream::end).isPresent();
      StreamTail tail =
          isClosed ? StreamTail.ended(id) : StreamTail.fromLast(id, stream.getValue());
      streams.put(id, tail);
      tail.readOn(stream.getValue(), row -> {});
    }
  }

  /**
   * Hands over the records that were written since the last time, stream by stream.
   *
   * @throws KmsException.AuditUnavailable if they cannot be read
   */
  public void poll(Consumer<AuditRecord> each) {
    try {
      readOn(
          row -> {
            if (selection.isWanted(row)) {
              each.accept(row.record(AuditRecord.Integrity.UNSEALED));
            }
          });
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** A stream that is new is read from its first file on. */
  private void readOn(Consumer<RecordDecoder.Row> each) throws IOException {
    for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : StreamFiles.in(folder).entrySet()) {
      SortedMap<Integer, Path> files = stream.getValue();
      streams
          .computeIfAbsent(stream.getKey(), id -> StreamTail.from(id, files.firstKey()))
          .readOn(files, each);
    }
  }

  private KmsException unreadable(IOException e) {
    return new KmsException.AuditUnavailable(
        "The audit trail in " + folder + " cannot be read (" + e + ").", e);
  }

  /** Closes the files. */
  @Override
  public void close() {
    streams.values().forEach(StreamTail::close);
  }
}
