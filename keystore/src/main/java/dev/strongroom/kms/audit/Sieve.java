// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.BitSet;
import java.util.List;

/**
 * Holds most records of a file back that a query does not select, by one of their ids and their
 * time, before anything else of them is read.
 *
 * <p>Not thread-safe; one for each file, since ids are a file's own.
 */
final class Sieve {
  // Entries have 12 bytes at least: a file that has more of them is longer than files become.
  private static final int MOST_ENTRIES = 1 << 26;

  private final Selection selection;
  private final int field;
  private final BitSet wanted = new BitSet();

  Sieve(Selection selection) {
    this.selection = selection;
    this.field = selection.field();
  }

  /** Looks at an entry, which stands before the records that name it. */
  void entry(FrameReader payload) throws FrameReader.Malformed {
    if (field == Selection.NO_FIELD) {
      return;
    }
    int id = payload.varint();
    List<String> texts = payload.texts();
    if (id > MOST_ENTRIES) {
      throw new FrameReader.Malformed();
    }
    wanted.set(id, selection.isWantedEntry(texts));
  }

  /**
   * Returns whether a record may be wanted.
   *
   * @param earliestMillis those before are not
   */
  boolean letsThrough(FrameReader payload, long earliestMillis) throws FrameReader.Malformed {
    payload.u8();
    long time = payload.u48();
    if (time < earliestMillis || !selection.isOfTime(time)) {
      return false;
    }
    if (field == Selection.NO_FIELD) {
      return true;
    }
    for (int before = 0; before < field; before++) {
      payload.varint();
    }
    return wanted.get(payload.varint());
  }
}
