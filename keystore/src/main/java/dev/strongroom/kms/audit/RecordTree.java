// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.audit.proof.MerkleTree;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * The Merkle tree of a stream's records. A record's leaf has its texts as hashes, so that it stands
 * for itself although its frame names them by ids; {@link JournalFormat} has the formula.
 *
 * <p>Most records repeat the eight ids of one of thousands whose hash is kept: a record then costs
 * the hashes of its leaf and of one node, and makes no garbage. Not thread-safe.
 */
final class RecordTree {
  static final int IDS = 8;
  static final int FIXED_BYTES = 1 + JournalFormat.TIME_BYTES;

  private static final int HASH = MerkleTree.HASH_BYTES;
  private static final int CALLS = 4096;
  private static final int FIRST_ENTRIES = 64;

  private final MerkleTree tree = new MerkleTree();
  private final MessageDigest sha256 = Sha256.begin();
  private final int[] ids = new int[IDS];
  private final int[] idsOfCalls = new int[CALLS * IDS];
  private final byte[] hashesOfCalls = new byte[CALLS * HASH];
  private byte[] hashesOfEntries = new byte[FIRST_ENTRIES * HASH];
  private byte[] leaf = new byte[FIXED_BYTES + HASH];
  private int entries;

  /** Forgets the entries: a new file begins. */
  void beginFile() {
    entries = 0;
    Arrays.fill(idsOfCalls, 0);
  }

  long records() {
    return tree.size();
  }

  TreeHead head() {
    return new TreeHead(tree.size(), Base64.getEncoder().encodeToString(tree.root()));
  }

  /** Takes an entry; those of a file are numbered from 1. */
  void entry(FrameReader payload) throws FrameReader.Malformed {
    int id = payload.varint();
    if (id != entries + 1) {
      throw new FrameReader.Malformed();
    }
    int place = id * HASH;
    if (place + HASH > hashesOfEntries.length) {
      hashesOfEntries = Arrays.copyOf(hashesOfEntries, 2 * hashesOfEntries.length);
    }
    payload.addRestTo(sha256);
    digestTo(hashesOfEntries, place);
    entries = id;
  }

  /** Takes a record, whose entries were taken before. */
  void record(FrameReader payload) throws FrameReader.Malformed {
    int length = leaf(payload);
    tree.add(leaf, 0, length);
  }

  /** Returns the hash of a record's leaf, without taking the record. */
  byte[] leafHash(FrameReader payload) throws FrameReader.Malformed {
    int length = leaf(payload);
    return MerkleTree.leafHash(Arrays.copyOf(leaf, length));
  }

  /** Puts a record's leaf together; returns its length. */
  private int leaf(FrameReader payload) throws FrameReader.Malformed {
    payload.copyTo(leaf, 0, FIXED_BYTES);
    for (int i = 0; i < IDS; i++) {
      ids[i] = payload.varint();
      if (ids[i] > entries || ids[0] == 0) {
        throw new FrameReader.Malformed();
      }
    }
    int call = call();
    int rest = payload.remaining();
    int length = FIXED_BYTES + HASH + rest;
    if (length > leaf.length) {
      leaf = Arrays.copyOf(leaf, length);
    }
    System.arraycopy(hashesOfCalls, call * HASH, leaf, FIXED_BYTES, HASH);
    payload.copyTo(leaf, FIXED_BYTES + HASH, rest);
    return length;
  }

  /** Returns the slot that has the hash of the ids. */
  private int call() {
    int slot = Arrays.hashCode(ids) & (CALLS - 1);
    int from = slot * IDS;
    // Every record has an event name, so a slot of zeros is free.
    if (!Arrays.equals(ids, 0, IDS, idsOfCalls, from, from + IDS)) {
      for (int id : ids) {
        // Nothing has an entry 0: its place holds zeros.
        sha256.update(hashesOfEntries, id * HASH, HASH);
      }
      digestTo(hashesOfCalls, slot * HASH);
      System.arraycopy(ids, 0, idsOfCalls, from, IDS);
    }
    return slot;
  }

  private void digestTo(byte[] target, int offset) {
    try {
      sha256.digest(target, offset, HASH);
    } catch (DigestException e) {
      throw new AssertionError("The hash fits its place", e);
    }
  }
}
