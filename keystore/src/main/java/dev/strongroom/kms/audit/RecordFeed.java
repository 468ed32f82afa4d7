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
  private final StreamRegister register;
  private final Selection selection;
  private final Map<UUID, StreamTail> streams = new HashMap<>();

  /** Goes to the end of all streams. */
  RecordFeed(Path folder, StreamRegister register, AuditQuery query) {
    this.folder = folder;
    this.register = register;
    this.selection = new Selection(query);
    try {
      readOn(row -> {}, true);
    } catch (RuntimeException e) {
      close(); // nobody else can
      throw e;
    }
  }

  /**
   * Hands over the records that were written since the last time, stream by stream.
   *
   * @throws KmsException.AuditUnavailable if they cannot be read
   */
  public void poll(Consumer<AuditRecord> each) {
    readOn(
        row -> {
          if (selection.isWanted(row)) {
            each.accept(row.record(AuditRecord.Integrity.UNSEALED));
          }
        },
        false);
  }

  private void readOn(Consumer<RecordDecoder.Row> each, boolean isStart) {
    try {
      Map<UUID, SortedMap<Integer, Path>> present = StreamFiles.in(folder);
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : present.entrySet()) {
        tail(stream.getKey(), stream.getValue(), isStart).readOn(stream.getValue(), each);
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable(
          "The audit trail in " + folder + " cannot be read (" + e + ").", e);
    }
  }

  /**
   * A stream that is there at the start is read from its last file on; a new one from its first.
   */
  private StreamTail tail(UUID stream, SortedMap<Integer, Path> files, boolean isStart)
      throws IOException {
    StreamTail known = streams.get(stream);
    if (known != null) {
      return known;
    }
    StreamTail tail = isStart ? old(stream, files) : StreamTail.from(stream, files.firstKey());
    streams.put(stream, tail);
    return tail;
  }

  private StreamTail old(UUID stream, SortedMap<Integer, Path> files) throws IOException {
    return register.find(stream).flatMap(RegisteredStream::end).isPresent()
        ? StreamTail.ended(stream)
        : StreamTail.fromLast(stream, files);
  }

  /** Closes the files. */
  @Override
  public void close() {
    streams.values().forEach(StreamTail::close);
  }
}
