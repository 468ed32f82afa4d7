// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/**
 * Goes through the files of a stream, frame by frame, and around what is damaged: on to the next
 * frame where that stands in its place, else to the next seal, which says by itself where it
 * belongs.
 */
final class StreamWalk {

  /** Who is shown what stands in the files. */
  interface Visitor {

    /** A file begins; what it has after its magic number follows. */
    void file(int index, String name);

    /**
     * A frame of a known type, or one that may be passed over, whose checksum fits.
     *
     * @param records how many records come before it in the stream
     * @throws FrameReader.Malformed if its payload is not what its type says
     */
    void frame(FileScan scan, long records) throws FrameReader.Malformed;

    /** Something that cannot be read, from {@code offset} on. */
    void damage(long offset, long records);

    /** A frame that only a later version understands; the file is not read further. */
    void unknown(long offset, long records);

    /**
     * A file ends.
     *
     * @param tornBytes how many bytes follow that should be zeros
     */
    void end(long offset, long records, long tornBytes);
  }

  private static final int SEAL_WORD =
      JournalFormat.word(JournalFormat.SEAL, JournalFormat.SEAL_PAYLOAD_BYTES);

  private final Visitor visitor;
  private long records;

  private StreamWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Shows a visitor the whole stream. A last file of zeros is not part of it: it was made ahead by
   * a process that was then killed, or is about to go on there.
   */
  static void walk(SortedMap<Integer, Path> files, Visitor visitor) throws IOException {
    StreamWalk walk = new StreamWalk(visitor);
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      try (FileScan scan = FileScan.open(file.getValue())) {
        if (file.getKey() > files.firstKey()
            && file.getKey().equals(files.lastKey())
            && isZeros(scan)) {
          return;
        }
        visitor.file(file.getKey(), scan.name());
        walk.file(scan);
      }
    }
  }

  private static boolean isZeros(FileScan scan) throws IOException {
    if (scan.readMagic()) {
      return false;
    }
    scan.moveTo(0);
    return scan.bytesNotZero() == 0;
  }

  /**
   * Shows a visitor one file, which is what it is whatever files come before it; {@link
   * Visitor#file} is not called.
   */
  static void walkFile(Path file, Visitor visitor) throws IOException {
    StreamWalk walk = new StreamWalk(visitor);
    try (FileScan scan = FileScan.open(file)) {
      walk.records = scan.recordsBefore();
      walk.file(scan);
    }
  }

  private void file(FileScan scan) throws IOException {
    if (!scan.readMagic()) {
      scan.moveTo(0);
      visitor.end(0, records, scan.bytesNotZero());
      return;
    }
    trustHeader(scan);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = step(scan);
    }
  }

  /** Takes the number of records from the header: files before this one may be missing. */
  private void trustHeader(FileScan scan) throws IOException {
    if (scan.look(records) == FileScan.Found.DAMAGE && scan.type() == JournalFormat.HEADER) {
      resumeAt(scan, scan.position(), countIn(scan, JournalFormat.HEADER_COUNT_OFFSET));
    }
  }

  private boolean step(FileScan scan) throws IOException {
    return switch (scan.look(records)) {
      case FRAME -> frame(scan);
      case DAMAGE -> damage(scan);
      case END -> end(scan);
    };
  }

  private boolean frame(FileScan scan) {
    long offset = scan.position();
    boolean isRecord = scan.type() == JournalFormat.RECORD;
    if (!JournalFormat.isKnown(scan.type())) {
      visitor.unknown(offset, records);
      return false;
    }
    try {
      visitor.frame(scan, records);
    } catch (FrameReader.Malformed e) {
      visitor.damage(offset, records);
    }
    if (isRecord) {
      records++;
    }
    scan.skip();
    return true;
  }

  private boolean damage(FileScan scan) throws IOException {
    long offset = scan.position();
    long before = records;
    if (resumeBehind(scan) || resumeAtSeal(scan, offset)) {
      visitor.damage(offset, before);
      return true;
    }
    scan.moveTo(offset);
    visitor.end(offset, before, scan.bytesNotZero());
    return false;
  }

  /** Goes on right behind a damaged frame, if its length is right and it was one. */
  private boolean resumeBehind(FileScan scan) throws IOException {
    scan.skip();
    long next = scan.position();
    return resumeAt(scan, next, records) || resumeAt(scan, next, records + 1);
  }

  private boolean resumeAtSeal(FileScan scan, long offset) throws IOException {
    long at = offset + JournalFormat.ALIGNMENT;
    for (; scan.reaches(at, Integer.BYTES); at += JournalFormat.ALIGNMENT) {
      if (scan.wordAt(at) == SEAL_WORD) {
        scan.moveTo(at);
        if (resumeAt(scan, at, countIn(scan, JournalFormat.SEAL_COUNT_OFFSET))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean resumeAt(FileScan scan, long offset, long count) throws IOException {
    scan.moveTo(offset);
    if (scan.look(count) != FileScan.Found.FRAME) {
      return false;
    }
    records = count;
    return true;
  }

  /** Returns the number of records that a header or seal names; 0 if the file ends before. */
  private static long countIn(FileScan scan, int offset) throws IOException {
    long at = scan.position() + JournalFormat.FRAME_HEAD_BYTES + offset;
    return scan.reaches(at, Long.BYTES) ? scan.u64At(at) : 0;
  }

  private boolean end(FileScan scan) throws IOException {
    long offset = scan.position();
    long tornBytes = scan.bytesNotZero();
    if (tornBytes > 0) {
      // The process may have gone on writing since this part of the file was read.
      scan.reread();
      if (scan.look(records) != FileScan.Found.END) {
        return true;
      }
    }
    visitor.end(offset, records, tornBytes);
    return false;
  }
}
