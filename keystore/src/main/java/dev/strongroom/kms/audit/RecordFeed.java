// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private final TrailFolders folders;
  private final Selection selection;
  private final Map<UUID, StreamTail> streams = new HashMap<>();

  /** Goes to the end of all streams. */
  RecordFeed(TrailFolders folders, StreamRegister register, AuditQuery query) {
    this.folders = folders;
    this.selection = new Selection(query);
    boolean isThere = false;
    try {
      goToEnds(register);
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
  private void goToEnds(StreamRegister register) throws IOException {
    Set<UUID> closed = new HashSet<>();
    register.all().stream()
        .filter(stream -> stream.end().isPresent())
        .forEach(stream -> closed.add(stream.stream()));
    for (Map<UUID, SortedMap<Integer, Path>> folder : present()) {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : folder.entrySet()) {
        UUID id = stream.getKey();
        if (!streams.containsKey(id)) {
          streams.put(
              id,
              closed.contains(id)
                  ? StreamTail.ended(id)
                  : StreamTail.fromLast(id, stream.getValue()));
        }
        tail(id).readOn(stream.getValue(), isPair(), row -> {});
      }
    }
  }

  private boolean isPair() {
    return folders.second().isPresent();
  }

  private StreamTail tail(UUID stream) {
    return Objects.requireNonNull(streams.get(stream));
  }

  /** Returns the files of each folder; of two, one that cannot be listed has none. */
  private List<Map<UUID, SortedMap<Integer, Path>>> present() throws IOException {
    List<Map<UUID, SortedMap<Integer, Path>>> present = new ArrayList<>();
    IOException failure = null;
    for (Path folder : folders.all()) {
      try {
        present.add(StreamFiles.in(folder));
      } catch (IOException e) {
        failure = e;
      }
    }
    if (present.isEmpty() && failure != null) {
      throw failure;
    }
    return present;
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

  /**
   * A stream that is new is read from its first file on. Of two copies that which has more is read
   * further, wherever the other one ends.
   */
  private void readOn(Consumer<RecordDecoder.Row> each) throws IOException {
    for (Map<UUID, SortedMap<Integer, Path>> folder : present()) {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : folder.entrySet()) {
        SortedMap<Integer, Path> files = stream.getValue();
        streams
            .computeIfAbsent(stream.getKey(), id -> StreamTail.from(id, files.firstKey()))
            .readOn(files, isPair(), each);
      }
    }
  }

  private KmsException unreadable(IOException e) {
    return new KmsException.AuditUnavailable(
        "The audit trail in " + folders + " cannot be read (" + e + ").", e);
  }

  /** Closes the files. */
  @Override
  public void close() {
    streams.values().forEach(StreamTail::close);
  }
}
