// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import dev.strongroom.kms.Sha256;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * The Merkle tree of RFC 6962 §2.1 over a growing list, with SHA-256. It keeps the hashes of the
 * whole subtrees to the left of where it grows and no leaf: 2 KiB for any length.
 *
 * <p>Not thread-safe. Adding a leaf makes no garbage.
 */
public final class MerkleTree {

  /** Length of a hash in bytes. */
  public static final int HASH_BYTES = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;
  private static final int NODE_BYTES = 1 + 2 * HASH_BYTES;

  private final MessageDigest sha256 = Sha256.begin();

  // Row k has the hash of the subtree of 2^k leaves, where bit k of the size is set.
  private final byte[] subtrees = new byte[Long.SIZE * HASH_BYTES];
  private final byte[] node = new byte[NODE_BYTES];
  private long size;

  /** Returns how many leaves there are. */
  public long size() {
    return size;
  }

  /** Adds a leaf: hashes 00 and {@code length} bytes of {@code data}. */
  public void add(byte[] data, int offset, int length) {
    sha256.update(LEAF);
    sha256.update(data, offset, length);
    digestTo(node, 1 + HASH_BYTES);
    addHash();
  }

  /**
   * Adds a leaf whose hash, 32 bytes, is known.
   *
   * @see #leafHash
   */
  public void addLeafHash(byte[] hash) {
    System.arraycopy(hash, 0, node, 1 + HASH_BYTES, HASH_BYTES);
    addHash();
  }

  /** Adds the leaf whose hash stands in the right half of {@link #node}. */
  private void addHash() {
    int level = 0;
    for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
      node[0] = NODE;
      System.arraycopy(subtrees, level * HASH_BYTES, node, 1, HASH_BYTES);
      sha256.update(node, 0, NODE_BYTES);
      digestTo(node, 1 + HASH_BYTES);
      level++;
    }
    System.arraycopy(node, 1 + HASH_BYTES, subtrees, level * HASH_BYTES, HASH_BYTES);
    size++;
  }

  /** Returns the root, owned by the caller; of an empty tree the hash of nothing. */
  public byte[] root() {
    if (size == 0) {
      return sha256.digest();
    }
    int level = Long.numberOfTrailingZeros(size);
    byte[] root = subtree(level);
    for (level++; level < Long.SIZE; level++) {
      if ((size >>> level & 1) == 1) {
        root = nodeHash(sha256, subtree(level), root);
      }
    }
    return root;
  }

  private byte[] subtree(int level) {
    byte[] hash = new byte[HASH_BYTES];
    System.arraycopy(subtrees, level * HASH_BYTES, hash, 0, HASH_BYTES);
    return hash;
  }

  private void digestTo(byte[] target, int offset) {
    try {
      sha256.digest(target, offset, HASH_BYTES);
    } catch (DigestException e) {
      throw new AssertionError("The hash fits its place", e);
    }
  }

  /** Returns the hash of a leaf: of 00 and its data. */
  public static byte[] leafHash(byte[] data) {
    MessageDigest sha256 = Sha256.begin();
    sha256.update(LEAF);
    return sha256.digest(data);
  }

  /** Returns the hash of two subtrees: of 01 and their hashes. */
  static byte[] nodeHash(MessageDigest sha256, byte[] left, byte[] right) {
    sha256.update(NODE);
    sha256.update(left);
    return sha256.digest(right);
  }
}
