// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads of one stream what it has of the changes of the store, as far as its process sealed it:
 * that commits no change whose record is not. What had no seal until another process sealed the
 * stream, anybody may have written.
 */
final class ChangeReading extends LenientVisitor {
  private static final String STORE_FACT = "store ";
  private static final String NUMBER = "[0-9]{1,18}";

  private final UUID stream;
  private final List<Change> changes = new ArrayList<>();
  private List<Read> block = new ArrayList<>();
  private List<Read> sealed = new ArrayList<>();
  private long lastSeal;
  private long records;
  private long newest;

  /** A frame that was read after so many records of the stream. */
  private record Read(ChangeFrame frame, long records) {}

  /** A change that was begun after so many records of the stream. */
  private static final class Change {
    private final long revision;
    private final long records;
    private final List<RowChange> rows;
    private boolean isCommitted;

    Change(long revision, long records, List<RowChange> rows) {
      this.revision = revision;
      this.records = records;
      this.rows = new ArrayList<>(rows);
    }
  }

  ChangeReading(UUID stream) {
    this.stream = stream;
  }

  @Override
  public void file(int index, String name) {}

  @Override
  public void frame(FileScan scan, long before) throws FrameReader.Malformed {
    switch (scan.type()) {
      case JournalFormat.RECORD -> records++;
      case JournalFormat.STORE_CHANGE ->
          block.add(new Read(ChangeFrame.read(scan.payload()), before));
      case JournalFormat.CHECKPOINT -> checkpoint(scan.payload());
      case JournalFormat.SEAL -> seal(scan.payload());
      default -> {}
    }
  }

  private void seal(FrameReader payload) throws FrameReader.Malformed {
    payload.u8();
    lastSeal = payload.u64();
    takeSealed();
    sealed = block;
    block = new ArrayList<>();
  }

  /** Takes the last sealed block, which a checkpoint behind it may have disowned until then. */
  private void takeSealed() {
    sealed.forEach(read -> change(read.frame(), read.records()));
    sealed.clear();
  }

  private void change(ChangeFrame frame, long before) {
    switch (frame.kind()) {
      case BEGUN -> changes.add(new Change(frame.revision(), before, frame.rows()));
      case CONTINUED -> continued(frame);
      case COMMITTED -> committed(frame.revision());
    }
  }

  private void continued(ChangeFrame frame) {
    if (!changes.isEmpty() && changes.get(changes.size() - 1).revision == frame.revision()) {
      changes.get(changes.size() - 1).rows.addAll(frame.rows());
    }
  }

  /** Of several attempts at a revision the last was committed; the others were undone before. */
  private void committed(long revision) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      if (changes.get(i).revision == revision) {
        changes.get(i).isCommitted = true;
        newest = Math.max(newest, revision);
        return;
      }
    }
  }

  private void checkpoint(FrameReader payload) throws FrameReader.Malformed {
    byte[] bytes = payload.raw(payload.remaining());
    SignedNote.parse(new String(bytes, StandardCharsets.UTF_8))
        .flatMap(note -> Checkpoint.parse(note.text()))
        .ifPresent(checkpoint -> checkpoint.facts().forEach(this::fact));
  }

  private void fact(String fact) {
    String[] words = fact.split(" ", -1);
    if (fact.startsWith(STORE_FACT) && words[1].matches(NUMBER)) {
      newest = Math.max(newest, Long.parseLong(words[1]));
    } else if (fact.startsWith(OrphanSeal.FACT) && words.length > 3 && words[3].matches(NUMBER)) {
      sealedByProcess(Long.parseLong(words[3]));
    }
  }

  private void sealedByProcess(long seals) {
    if (lastSeal >= seals) {
      sealed.clear();
    }
  }

  /** Returns whether a change is here, and was committed as far as this reading shows. */
  private boolean isCommitted(int index) {
    takeSealed();
    return index < changes.size() && changes.get(index).isCommitted;
  }

  boolean hasRecords() {
    return records > 0;
  }

  /** Returns the highest revision of the store that was certainly reached; 0 if none was. */
  long newest() {
    takeSealed();
    return newest;
  }

  /**
   * Returns the changes that are sealed.
   *
   * @param intactRecords how many records come before anything that is wrong with the stream
   * @param earlier what was read of the stream before the store was looked at
   */
  List<StoreChange> changes(long intactRecords, ChangeReading earlier) {
    takeSealed();
    List<StoreChange> intact = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.records < intactRecords) {
        intact.add(
            new StoreChange(
                stream, change.revision, change.isCommitted, earlier.isCommitted(i), change.rows));
      }
    }
    return intact;
  }
}
