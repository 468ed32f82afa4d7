// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A block of a journal in which something was found, and where its seal is, once that is reached.
 *
 * <p>Not thread-safe.
 */
final class SealedBlock {
  private final Path file;
  private final long offset;
  private final long firstRecord;
  private final byte[] previousMac;
  private @Nullable Seal seal;

  /**
   * Begins a block.
   *
   * @param previousMac of the seal before; taken over
   */
  SealedBlock(Path file, long offset, long firstRecord, byte[] previousMac) {
    this.file = file;
    this.offset = offset;
    this.firstRecord = firstRecord;
    this.previousMac = previousMac;
  }

  /** What ends a block. */
  static final class Seal {
    private final long offset;
    private final long records;
    private final int kind;
    private final long number;
    private final byte[] mac;

    /**
     * Reads a seal.
     *
     * @param offset where in the file it stands
     * @param records how many records come before it in the stream
     */
    Seal(FrameReader payload, long offset, long records) throws FrameReader.Malformed {
      this.offset = offset;
      this.records = records;
      this.kind = payload.u8();
      this.number = payload.u64();
      payload.u64();
      this.mac = payload.raw(JournalFormat.MAC_BYTES);
    }

    long offset() {
      return offset;
    }

    long number() {
      return number;
    }

    /** Ends the block in a chain; returns whether the seal is the right one. */
    boolean fits(SealChain chain) {
      return MessageDigest.isEqual(chain.seal(kind, records), mac);
    }
  }

  void endsWith(Seal last) {
    seal = last;
  }

  Path file() {
    return file;
  }

  long offset() {
    return offset;
  }

  /** Returns how many records come before it in the stream. */
  long firstRecord() {
    return firstRecord;
  }

  byte[] previousMac() {
    return previousMac;
  }

  /** Returns what ends it; null if it is not sealed yet, or if the end was cut off. */
  @Nullable Seal seal() {
    return seal;
  }
}
