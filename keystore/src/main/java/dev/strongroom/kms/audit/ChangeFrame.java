// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A frame about changes of the store; {@link JournalFormat} has the bytes.
 *
 * @param rows none where the frame says that the transaction was committed
 */
record ChangeFrame(Kind kind, long revision, List<RowChange> rows) {
  private static final int TEXTS = 3;

  // So many have room in one frame, with the longest primary keys that there are.
  private static final int MOST_ROWS = 32;

  /** What is said of the transaction. */
  enum Kind {
    /** It is about to be committed. */
    BEGUN(0),
    /** It has more rows than the frame before had room for. */
    CONTINUED(1),
    COMMITTED(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) throws FrameReader.Malformed {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new FrameReader.Malformed();
    }
  }

  /** Returns what is recorded before a transaction is committed. */
  static List<ChangeFrame> begun(long revision, List<RowChange> rows) {
    List<ChangeFrame> frames = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += MOST_ROWS) {
      frames.add(
          new ChangeFrame(
              from == 0 ? Kind.BEGUN : Kind.CONTINUED,
              revision,
              rows.subList(from, Math.min(rows.size(), from + MOST_ROWS))));
    }
    return frames;
  }

  /** Returns what is recorded after a transaction was committed. */
  static ChangeFrame committed(long revision) {
    return new ChangeFrame(Kind.COMMITTED, revision, List.of());
  }

  void write(FrameWriter frame) {
    frame.begin(JournalFormat.STORE_CHANGE).u8(kind.code).u64(revision);
    frame.varint(TEXTS * rows.size());
    for (RowChange row : rows) {
      frame.text(row.row()).text(row.before().orElse("")).text(row.after().orElse(""));
    }
  }

  static ChangeFrame read(FrameReader payload) throws FrameReader.Malformed {
    Kind kind = Kind.of(payload.u8());
    long revision = payload.u64();
    List<String> texts = payload.texts();
    List<RowChange> rows = new ArrayList<>(texts.size() / TEXTS);
    for (int i = 0; i + TEXTS <= texts.size(); i += TEXTS) {
      rows.add(new RowChange(texts.get(i), hash(texts.get(i + 1)), hash(texts.get(i + 2))));
    }
    return new ChangeFrame(kind, revision, rows);
  }

  private static Optional<String> hash(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
