// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Holds the frames of a stream against its seals.
 *
 * <p>After a seal that does not fit it goes on as if it had: what follows is judged by itself, so
 * that one changed byte is one finding.
 */
final class SealCheck implements StreamWalk.Visitor {

  // A stream of a week at full load has fewer seals; more would only make the verifier run long.
  static final long MOST_SEALS_TO_SKIP = 100_000_000;

  private final UUID stream;
  private final SealChain chain;
  private final Key key;
  private final List<Verification.Finding> findings = new ArrayList<>();

  private String file = "";
  private int nextIndex;
  private boolean isHeaderDue;
  private boolean isFileEnded = true;
  private boolean isClosed;
  private boolean isBlockReported;
  private long blockOffset;
  private long blockRecords;
  private long records;
  private long sealedRecords;
  private long tornBytes;

  /** What is known of the key of a stream. */
  enum Key {
    /** The chain has it. */
    KNOWN,
    /** There should be one, and there is none: no seal fits. */
    MISSING,
    /** Whoever verifies is not to have it: what the seals say is believed, their places are not. */
    SECRET
  }

  SealCheck(UUID stream, SealChain chain, Key key) {
    this.stream = stream;
    this.chain = chain;
    this.key = key;
  }

  @Override
  public void file(int index, String name) {
    if (isClosed) {
      find(0, records, "The stream goes on after its end.");
    } else if (!isFileEnded) {
      find(0, records, "The file does not end with its seal: the end was cut off or changed.");
    }
    file = name;
    beginBlock(0, records);
    if (index != nextIndex) {
      find(0, records, "The files before this one are missing, from index " + nextIndex + " on.");
    }
    nextIndex = index + 1;
    isHeaderDue = true;
    isFileEnded = false;
    chain.restartBlock();
    chain.update(JournalFormat.MAGIC, 0, JournalFormat.MAGIC.length);
  }

  private void beginBlock(long offset, long before) {
    blockOffset = offset;
    blockRecords = before;
    isBlockReported = false;
  }

  @Override
  public void frame(FileScan scan, long before) throws FrameReader.Malformed {
    long offset = scan.position();
    if (isFileEnded) {
      find(offset, before, "The file goes on after its last seal.");
    }
    if (isHeaderDue != (scan.type() == JournalFormat.HEADER)) {
      find(offset, before, "The header is missing, or stands where none belongs.");
    }
    isHeaderDue = false;
    switch (scan.type()) {
      case JournalFormat.HEADER -> header(scan.payload(), offset, before);
      case JournalFormat.RECORD -> records = before + 1;
      default -> {}
    }
    if (scan.type() == JournalFormat.SEAL) {
      seal(scan.payload(), offset, before);
    } else {
      scan.addFrameTo(chain);
    }
  }

  private void header(FrameReader payload, long offset, long before) throws FrameReader.Malformed {
    boolean isOurs = payload.uuid().equals(stream) && payload.u32() == nextIndex - 1;
    boolean isNext = payload.u64() == before && before == records;
    payload.u64();
    byte[] previousMac = payload.raw(JournalFormat.MAC_BYTES);
    payload.uuid();
    int version = payload.u32();
    if (key == Key.MISSING) {
      find(offset, before, "There is no version " + version + " of the domain key to verify with.");
    }
    if (!isOurs) {
      find(offset, before, "The file belongs to another stream or place in it.");
    } else if (!isNext || !MessageDigest.isEqual(previousMac, chain.previousMac())) {
      findOnce(offset, before, "The file does not continue the one before.");
      chain.continueAfter(previousMac);
      chain.update(JournalFormat.MAGIC, 0, JournalFormat.MAGIC.length);
    }
    records = before;
  }

  private void seal(FrameReader payload, long offset, long before) throws FrameReader.Malformed {
    int kind = payload.u8();
    long number = payload.u64();
    payload.u64();
    byte[] mac = payload.raw(JournalFormat.MAC_BYTES);
    long missing = number - chain.number();
    if (missing != 0) {
      findOnce(blockOffset, blockRecords, "Blocks are missing, repeated or moved up to here.");
    }
    if (missing < 0 || missing > MOST_SEALS_TO_SKIP) {
      chain.continueAfter(mac);
    } else {
      chain.skipTo(number);
      check(kind, mac, before);
    }
    isFileEnded = kind != JournalFormat.BLOCK_ENDS;
    isClosed = kind == JournalFormat.STREAM_ENDS;
    records = before;
    beginBlock(offset + JournalFormat.SEAL_FRAME_BYTES, before);
  }

  private void check(int kind, byte[] mac, long before) {
    byte[] right = chain.seal(kind, before);
    boolean fits = key == Key.KNOWN && MessageDigest.isEqual(right, mac);
    if (key == Key.SECRET) {
      chain.continueAfter(mac);
    } else if (fits && !isBlockReported) {
      sealedRecords = before;
    } else {
      findOnce(
          blockOffset,
          blockRecords,
          "The seal over the records "
              + blockRecords
              + " to "
              + (before - 1)
              + " does not fit: one was changed, removed, added or moved, or the seal was.");
      chain.continueAfter(mac);
    }
  }

  @Override
  public void damage(long offset, long before) {
    find(offset, before, "The record " + before + ", or what stands before it, was changed.");
    isHeaderDue = false;
  }

  @Override
  public void unknown(long offset, long before) {
    find(offset, before, "A later version wrote this. Verify it with that version.");
  }

  @Override
  public void end(long offset, long before, long torn) {
    if (isFileEnded && torn > 0) {
      find(offset, before, "Bytes follow the last seal.");
    }
    tornBytes = torn;
  }

  private void find(long offset, long record, String sentence) {
    findings.add(new Verification.Finding(file, offset, record, sentence));
    isBlockReported = true;
  }

  /**
   * Adds a finding unless the block has one already: that its seal does not fit follows from it.
   */
  private void findOnce(long offset, long record, String sentence) {
    if (!isBlockReported) {
      find(offset, record, sentence);
    }
  }

  /** Returns how the stream ends, as it was found. */
  StreamEnd end() {
    return new StreamEnd(chain.number(), records, chain.previousMac());
  }

  /** Returns whether the last file ends with its seal. */
  boolean isFileEnded() {
    return isFileEnded;
  }

  /** Holds the end against what the register says: a process that was killed registers none. */
  void compare(StreamEnd registered) {
    if (!isClosed || !registered.isSameAs(end())) {
      findOnce(
          blockOffset,
          blockRecords,
          "The stream was closed after "
              + registered.records()
              + " records, and it ends otherwise: its end was cut off or changed.");
    }
  }

  /** Returns what was found, with what the checkpoints say. */
  Verification result(CheckpointCheck checkpoints) {
    List<Verification.Finding> all = new ArrayList<>(findings);
    if (findings.isEmpty() || key == Key.MISSING) {
      // Otherwise they say the same, and less precisely.
      all.addAll(checkpoints.findings());
    }
    return new Verification(
        stream,
        isClosed ? checkpoints.closing() : Verification.Closing.NONE,
        records,
        sealedRecords,
        checkpoints.checkpointed(),
        checkpoints.leftRecords(),
        tornBytes,
        all,
        List.of());
  }
}
