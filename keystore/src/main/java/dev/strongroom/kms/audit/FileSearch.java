// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows those records of one file that a query may select. What is damaged is passed over. */
final class FileSearch extends LenientVisitor {

  /** Who is shown the records. */
  interface Finder {
    /** Returns the time, in milliseconds since 1970, before which nothing is wanted. */
    long earliestMillis();

    /** Takes a record, and the block that it stands in. */
    void found(RecordDecoder.Row row, SealedBlock block);
  }

  private final Path path;
  private final RecordDecoder decoder;
  private final Sieve sieve;
  private final Finder finder;
  private final byte[] previousMac = new byte[JournalFormat.MAC_BYTES];
  private long blockOffset;
  private long blockRecords;
  private @Nullable SealedBlock block;

  private FileSearch(UUID stream, Path path, Selection selection, Finder finder) {
    this.path = path;
    this.decoder = new RecordDecoder(stream);
    this.sieve = new Sieve(selection);
    this.finder = finder;
  }

  static void search(UUID stream, Path file, Selection selection, Finder finder)
      throws IOException {
    StreamWalk.walkFile(file, new FileSearch(stream, file, selection, finder));
  }

  @Override
  public void file(int index, String name) {}

  @Override
  public void frame(FileScan scan, long records) throws FrameReader.Malformed {
    switch (scan.type()) {
      case JournalFormat.HEADER -> header(scan, records);
      case JournalFormat.ENTRY -> {
        sieve.entry(scan.payload());
        decoder.entry(scan.payload());
      }
      case JournalFormat.RECORD -> record(scan, records);
      case JournalFormat.SEAL -> seal(scan, records);
      default -> {}
    }
  }

  private void header(FileScan scan, long records) throws FrameReader.Malformed {
    decoder.header(scan.payload());
    FrameReader payload = scan.payload();
    payload.skip(JournalFormat.HEADER_MAC_OFFSET);
    payload.copyTo(previousMac, 0, previousMac.length);
    blockRecords = records;
  }

  private void record(FileScan scan, long records) throws FrameReader.Malformed {
    if (!sieve.letsThrough(scan.payload(), finder.earliestMillis())) {
      return;
    }
    RecordDecoder.Row row = decoder.row(scan.payload(), records);
    if (block == null) {
      block = new SealedBlock(path, blockOffset, blockRecords, previousMac.clone());
    }
    finder.found(row, block);
  }

  private void seal(FileScan scan, long records) throws FrameReader.Malformed {
    if (block != null) {
      block.endsWith(new SealedBlock.Seal(scan.payload(), scan.position(), records));
      block = null;
    }
    FrameReader payload = scan.payload();
    payload.skip(JournalFormat.SEAL_PAYLOAD_BYTES - JournalFormat.MAC_BYTES);
    payload.copyTo(previousMac, 0, previousMac.length);
    blockOffset = scan.position() + JournalFormat.SEAL_FRAME_BYTES;
    blockRecords = records;
  }
}
