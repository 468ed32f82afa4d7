// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;

/** Reads the records of one stream, as far as that can be read; the verifier tells the rest. */
abstract class RecordPass extends LenientVisitor {
  private final UUID stream;
  private RecordDecoder decoder;

  RecordPass(UUID stream) {
    this.stream = stream;
    this.decoder = new RecordDecoder(stream);
  }

  /**
   * Goes through all streams, one after the other.
   *
   * @param begin makes the pass through a stream
   * @throws KmsException.AuditUnavailable if one cannot be read
   */
  static void overAll(AuditVerifier verifier, Function<UUID, RecordPass> begin) {
    try {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : verifier.readable().entrySet()) {
        RecordPass pass = begin.apply(stream.getKey());
        StreamWalk.walk(stream.getValue(), pass);
        pass.finish();
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable("The audit trail cannot be read (" + e + ").", e);
    }
  }

  /** One more record; what its texts are is read when they are asked for. */
  abstract void row(RecordDecoder.Row row);

  /** Something cannot be read, and is passed over. */
  void unreadable() {}

  /** The stream was walked. */
  void finish() {}

  @Override
  public void file(int index, String name) {
    decoder = new RecordDecoder(stream);
  }

  @Override
  public void frame(FileScan scan, long records) {
    try {
      decode(scan, records);
    } catch (FrameReader.Malformed e) {
      unreadable(); // an entry before it was changed, which the verifier finds
    }
  }

  private void decode(FileScan scan, long records) throws FrameReader.Malformed {
    switch (scan.type()) {
      case JournalFormat.HEADER -> decoder.header(scan.payload());
      case JournalFormat.ENTRY -> decoder.entry(scan.payload());
      case JournalFormat.RECORD -> row(decoder.row(scan.payload(), records));
      default -> {}
    }
  }

  @Override
  public void damage(long offset, long records) {
    unreadable();
  }

  @Override
  public void unknown(long offset, long records) {
    unreadable();
  }
}
