// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads on in one stream while it grows, one file after the other, up to its end or to the first
 * damage, which a log line names: going around that is {@link StreamWalk}'s business.
 *
 * <p>Not thread-safe.
 */
final class StreamTail {
  private static final System.Logger LOG = System.getLogger(StreamTail.class.getName());

  private static final int MOST_STALLS = 100;

  private final UUID stream;
  private RecordDecoder decoder;
  private @Nullable FileScan scan;
  private @Nullable Path path;
  private boolean hasOtherCopy;
  private int stalls;
  private int index;
  private long records;
  private boolean isOver;

  private StreamTail(UUID stream, int index, boolean isOver) {
    this.stream = stream;
    this.index = index;
    this.isOver = isOver;
    this.decoder = new RecordDecoder(stream);
  }

  static StreamTail from(UUID stream, int index) {
    return new StreamTail(stream, index, false);
  }

  /** Returns the tail that begins with the last file that is written to. */
  static StreamTail fromLast(UUID stream, SortedMap<Integer, Path> files) throws IOException {
    int last = files.firstKey();
    for (Map.Entry<Integer, Path> file : files.tailMap(last + 1).entrySet()) {
      if (isBegun(file.getValue())) {
        last = file.getKey();
      }
    }
    return from(stream, last);
  }

  /** Returns the tail of a stream that was closed and cannot grow. */
  static StreamTail ended(UUID stream) {
    return new StreamTail(stream, 0, true);
  }

  /**
   * Hands over what came since.
   *
   * @param files in one folder
   * @param isOneOfTwo whether there is another, that has what this one may not have
   */
  void readOn(SortedMap<Integer, Path> files, boolean isOneOfTwo, Consumer<RecordDecoder.Row> each)
      throws IOException {
    hasOtherCopy = isOneOfTwo;
    while (!isOver) {
      FileScan file = current(files);
      if (file == null) {
        return;
      }
      // Asked before the file is read: the next is made ahead of need, and begun when this is full.
      Optional<Path> next = files.tailMap(index + 1).values().stream().findFirst();
      boolean isComplete = next.isPresent() && isBegun(next.get());
      if (!readToEnd(file, each) || !isComplete) {
        return;
      }
      close();
      index++;
    }
  }

  private @Nullable FileScan current(SortedMap<Integer, Path> files) throws IOException {
    FileScan reading = scan;
    if (reading != null) {
      Path copy = files.get(index);
      return copy == null || copy.equals(path) ? reading : changeTo(copy, reading);
    }
    Optional<Map.Entry<Integer, Path>> next = files.tailMap(index).entrySet().stream().findFirst();
    if (next.isPresent() && (next.get().getKey() == index || !hasOtherCopy)) {
      index = next.get().getKey();
      open(next.get().getValue());
    }
    return scan;
  }

  /** Goes on in the same place of the other copy of the file. */
  private FileScan changeTo(Path copy, FileScan reading) throws IOException {
    FileScan other = FileScan.open(copy);
    other.moveTo(reading.position());
    scan = other;
    path = copy;
    reading.close();
    return other;
  }

  /** Opens a file unless it is zeros still. */
  private void open(Path path) throws IOException {
    FileScan opened = FileScan.open(path);
    try {
      if (hasHeader(opened)) {
        scan = opened;
        this.path = path;
        decoder = new RecordDecoder(stream);
        records = opened.recordsBefore();
      }
    } finally {
      if (scan == null) {
        opened.close();
      }
    }
  }

  private static boolean isBegun(Path path) throws IOException {
    try (FileScan file = FileScan.open(path)) {
      return hasHeader(file);
    }
  }

  private static boolean hasHeader(FileScan file) throws IOException {
    return file.readMagic() && file.look(file.recordsBefore()) == FileScan.Found.FRAME;
  }

  /** Returns false if no more of the stream is to be read. */
  private boolean readToEnd(FileScan file, Consumer<RecordDecoder.Row> each) throws IOException {
    file.reread();
    while (!isOver) {
      FileScan.Found found = look(file);
      if (found == FileScan.Found.END) {
        return true;
      }
      if (found == FileScan.Found.DAMAGE && hasOtherCopy && ++stalls < MOST_STALLS) {
        return false; // A copy may have half of a frame, and the other all of it.
      }
      if (found == FileScan.Found.DAMAGE || !show(file, each)) {
        LOG.log(
            Level.WARNING,
            "The audit trail is damaged: {0} at {1}. No more of this stream is followed.",
            file.name(),
            Long.toString(file.position()));
        isOver = true;
      }
      stalls = 0;
      file.skip();
    }
    close();
    return false;
  }

  /** What looks damaged may have been written to while it was read. */
  private FileScan.Found look(FileScan file) throws IOException {
    FileScan.Found found = file.look(records);
    if (found == FileScan.Found.DAMAGE) {
      file.reread();
      return file.look(records);
    }
    return found;
  }

  private boolean show(FileScan file, Consumer<RecordDecoder.Row> each) {
    try {
      switch (file.type()) {
        case JournalFormat.HEADER -> decoder.header(file.payload());
        case JournalFormat.ENTRY -> decoder.entry(file.payload());
        case JournalFormat.RECORD -> {
          each.accept(decoder.row(file.payload(), records));
          records++;
        }
        case JournalFormat.SEAL -> isOver = file.payload().u8() == JournalFormat.STREAM_ENDS;
        default -> {}
      }
      return true;
    } catch (FrameReader.Malformed e) {
      return false;
    }
  }

  /** Closes the file and forgets its texts: of streams that ended, many are kept. */
  void close() {
    FileScan open = scan;
    scan = null;
    decoder = new RecordDecoder(stream);
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
