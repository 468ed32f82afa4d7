// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import dev.strongroom.kms.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit path of one leaf (RFC 6962 §2.1.1), computed while all leaves pass by once: the path's
 * hashes are roots of ranges that lie side by side, so only one tree grows at a time.
 *
 * <p>Not thread-safe.
 */
public final class AuditPath {

  /** A range of leaves that the path has the root of, and its place in the path. */
  private record Range(long start, long end, int place) {}

  private final long index;
  private final long size;
  private final List<Range> ranges = new ArrayList<>();
  private final byte[] @Nullable [] hashes;
  private MerkleTree tree = new MerkleTree();
  private long next;
  private int current;

  /**
   * Begins a path.
   *
   * @param index the leaf's, from 0
   * @param size of the tree, more than {@code index}
   */
  public AuditPath(long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("A tree of " + size + " leaves has no leaf " + index);
    }
    this.index = index;
    this.size = size;
    int length = split(0, size);
    ranges.sort((a, b) -> Long.compare(a.start(), b.start()));
    this.hashes = new byte[length][];
  }

  /** Descends to the leaf; the sibling on each level is a range. Returns the path's length. */
  private int split(long start, long end) {
    if (end - start == 1) {
      return 0;
    }
    long middle = start + Long.highestOneBit(end - start - 1);
    boolean isLeft = index < middle;
    int place = isLeft ? split(start, middle) : split(middle, end);
    ranges.add(isLeft ? new Range(middle, end, place) : new Range(start, middle, place));
    return place + 1;
  }

  /** Takes the hash of the next leaf, 32 bytes; leaves behind the tree's size are passed over. */
  public void add(byte[] leafHash) {
    long leaf = next++;
    if (leaf == index || leaf >= size) {
      return;
    }
    Range range = ranges.get(current);
    tree.addLeafHash(leafHash);
    if (leaf + 1 == range.end()) {
      hashes[range.place()] = tree.root();
      tree = new MerkleTree();
      current++;
    }
  }

  /**
   * Returns the path, from the leaf's sibling upwards; the arrays are the caller's.
   *
   * @throws IllegalStateException unless all leaves were added
   */
  public List<byte[]> hashes() {
    if (next < size) {
      throw new IllegalStateException("Only " + next + " of " + size + " leaves were added");
    }
    List<byte[]> path = new ArrayList<>();
    for (byte[] hash : hashes) {
      if (hash != null) {
        path.add(hash);
      }
    }
    return path;
  }

  /**
   * Returns the root that a path leads to (RFC 9162 §2.1.3.2); the caller compares it.
   *
   * @throws IllegalArgumentException if the path has not the length that fits index and size
   */
  public static byte[] root(byte[] leafHash, long index, long size, List<byte[]> path) {
    MessageDigest sha256 = Sha256.begin();
    long node = index;
    long last = size - 1;
    byte[] hash = leafHash;
    for (byte[] sibling : path) {
      if (last == 0) {
        throw new IllegalArgumentException("The audit path is too long for its tree");
      }
      if ((node & 1) == 1 || node == last) {
        hash = MerkleTree.nodeHash(sha256, sibling, hash);
        int up = (node & 1) == 1 ? 0 : Long.numberOfTrailingZeros(node);
        node >>>= up;
        last >>>= up;
      } else {
        hash = MerkleTree.nodeHash(sha256, hash, sibling);
      }
      node >>>= 1;
      last >>>= 1;
    }
    if (last != 0) {
      throw new IllegalArgumentException("The audit path is too short for its tree");
    }
    return hash;
  }
}
