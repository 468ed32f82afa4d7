// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Verifies the seals of some blocks of a stream, without reading the others: each names its place,
 * and the seal before it stands in the file. What happened to the rest of the stream does not show.
 */
final class BlockCheck {
  private static final int BUFFER_BYTES = 1 << 16;

  private final SealChain chain;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private BlockCheck(SealChain chain) {
    this.chain = chain;
  }

  /**
   * Returns those blocks whose seal fits.
   *
   * @param key of the stream; taken over and erased
   * @param blocks all with a seal
   */
  static Set<SealedBlock> fitting(UUID stream, byte[] key, Collection<SealedBlock> blocks)
      throws IOException {
    List<SealedBlock> inOrder =
        blocks.stream().sorted(Comparator.comparingLong(block -> seal(block).number())).toList();
    Set<SealedBlock> fitting = new HashSet<>();
    try (SealChain chain = new SealChain(stream, key)) {
      BlockCheck check = new BlockCheck(chain);
      for (SealedBlock block : inOrder) {
        if (check.fits(block)) {
          fitting.add(block);
        }
      }
    }
    return fitting;
  }

  private static SealedBlock.Seal seal(SealedBlock block) {
    SealedBlock.Seal seal = block.seal();
    if (seal == null) {
      throw new IllegalArgumentException("The block at " + block.offset() + " has no seal");
    }
    return seal;
  }

  private boolean fits(SealedBlock block) throws IOException {
    SealedBlock.Seal seal = seal(block);
    long ahead = seal.number() - chain.number();
    if (ahead < 0 || ahead > SealCheck.MOST_SEALS_TO_SKIP) {
      return false; // Two blocks of one number, or none that anybody wrote.
    }
    chain.skipTo(seal.number());
    chain.continueAfter(block.previousMac());
    addBytes(block, seal.offset());
    return seal.fits(chain);
  }

  private void addBytes(SealedBlock block, long end) throws IOException {
    try (FileChannel channel = FileChannel.open(block.file(), StandardOpenOption.READ)) {
      long at = block.offset();
      while (at < end) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
        int read = channel.read(buffer, at);
        if (read < 0) {
          return; // The file was cut meanwhile: the seal does not fit what is left.
        }
        chain.update(buffer.array(), 0, read);
        at += read;
      }
    }
  }
}
