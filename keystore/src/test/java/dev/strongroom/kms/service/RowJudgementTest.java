// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.ChangeHistory;
import dev.strongroom.kms.audit.StoreChange;
import dev.strongroom.kms.storage.StoreContents;
import dev.strongroom.kms.storage.StoreContents.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the trail and a row may look like beside each other, and what is said then. */
class RowJudgementTest {
  private static final UUID STREAM = new UUID(0, 1);
  private static final String ROW = "cmk[k]";

  private final List<StoreChange> changes = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private long storeRevision = 100;

  private void committed(long revision, String before, String after) {
    changes.add(change(revision, true, true, before, after));
  }

  private void begun(long revision, String before, String after) {
    changes.add(change(revision, false, true, before, after));
  }

  private static StoreChange change(
      long revision, boolean isCommitted, boolean isEarly, String before, String after) {
    RowChange row = new RowChange(ROW, hash(before), hash(after));
    return new StoreChange(STREAM, revision, isCommitted, isEarly, List.of(row));
  }

  private static Optional<String> hash(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static StoredRow row(String hash, long revision) {
    return new StoredRow(ROW, hash, revision, true, Optional.empty());
  }

  /** Returns what is said, with a question mark where it is not certain. */
  private List<String> judge(StoredRow... rows) {
    List<String> said = new ArrayList<>();
    new RowJudgement(
            new StoreContents(storeRevision, List.of(rows), List.of()),
            new ChangeHistory(changes, 0, List.of(), gaps))
        .run((isCertain, sentence) -> said.add(sentence + (isCertain ? "" : "?")));
    return said;
  }

  @Test
  void rowAfterItsLastChangeIsRight() {
    committed(5, "", "a");
    committed(7, "a", "b");

    assertEquals(List.of(), judge(row("b", 7)));
  }

  @Test
  void olderStateIsARollback() {
    committed(5, "", "a");
    committed(7, "a", "b");

    assertEquals(
        List.of(
            "cmk[k] was rolled back: it is as of revision 5, and was changed last at revision 7."),
        judge(row("a", 5)));
  }

  @Test
  void bothStatesAreRightWhereTheProcessWasKilledAroundTheCommit() {
    committed(5, "", "a");
    begun(7, "a", "b");

    assertEquals(List.of(), judge(row("a", 5)));
    assertEquals(List.of(), judge(row("b", 7)));
  }

  @Test
  void firstChangeThatIsNotSaidToBeCommittedMayHaveBeenMadeOrNot() {
    begun(7, "a", "b");

    assertEquals(List.of(), judge(row("a", 5)));
    assertEquals(List.of(), judge(row("b", 7)));
  }

  @Test
  void rowThatWasNeverMadeMayBeAbsent() {
    begun(7, "", "b");

    assertEquals(List.of(), judge());
  }

  @Test
  void stateBeforeAnUndoneChangeIsStillARollbackOnceAnotherWasMade() {
    committed(5, "", "a");
    begun(7, "a", "b");
    committed(7, "a", "c");

    assertEquals(1, judge(row("b", 7)).size());
    assertEquals(1, judge(row("a", 5)).size());
    assertEquals(List.of(), judge(row("c", 7)));
  }

  @Test
  void absentRowIsGoneUnlessItWasDeleted() {
    committed(5, "", "a");
    assertEquals(
        List.of("cmk[k] is gone: it was written at revision 5, and nobody deleted it."), judge());

    committed(9, "a", "");
    assertEquals(List.of(), judge());
  }

  @Test
  void deletedRowThatIsBackIsNamed() {
    committed(5, "", "a");
    committed(9, "a", "");

    assertEquals(
        List.of("cmk[k] was put back: it is as of revision 5, and was deleted at revision 9."),
        judge(row("a", 5)));
  }

  @Test
  void stateThatNoRecordMadeIsNamed() {
    committed(5, "", "a");

    assertEquals(
        List.of(
            "cmk[k] was changed at revision 8 without a record; the last on record is that of"
                + " revision 5."),
        judge(row("x", 8)));
  }

  @Test
  void rowWithoutARecordIsNamedUnlessItIsOlderThanTheRecords() {
    changes.add(
        new StoreChange(
            STREAM,
            6,
            true,
            true,
            List.of(new RowChange("cmk[other]", Optional.of("x"), Optional.empty()))));

    assertEquals(List.of(), judge(row("a", 5)));
    assertEquals(List.of("cmk[k] was created at revision 8 without a record."), judge(row("a", 8)));
  }

  @Test
  void missingStreamMakesUncertainWhatItCouldExplain() {
    committed(5, "", "a");
    committed(6, "a", "b");
    gaps.add("A stream is gone.");

    assertEquals(
        List.of(
            "cmk[k] was changed at revision 8 without a record; the last on record is that of"
                + " revision 6.?"),
        judge(row("x", 8)));
    assertEquals(
        List.of("cmk[k] is gone: it was written at revision 6, and nobody deleted it.?"), judge());
    assertEquals(
        List.of(
            "cmk[k] was rolled back: it is as of revision 5, and was changed last at revision 6."),
        judge(row("a", 5)));
  }

  /** Others go on while the store is read: their changes are on record after that, not in it. */
  @Test
  void changeAfterTheStoreWasLookedAtIsNotMissedThere() {
    storeRevision = 7;
    committed(7, "", "a");
    changes.add(change(8, true, false, "a", "b"));

    assertEquals(List.of(), judge(row("a", 7)));
  }

  @Test
  void changeBeforeTheStoreWasLookedAtIsMissedThere() {
    storeRevision = 7;
    committed(7, "", "a");
    changes.add(change(8, true, true, "a", "b"));

    assertEquals(1, judge(row("a", 7)).size());
  }

  @Test
  void damageIsNamedWhateverTheTrailSays() {
    committed(5, "", "a");
    StoredRow damaged = new StoredRow(ROW, "z", 5, true, Optional.of("Its MAC does not fit."));

    assertEquals(
        List.of("cmk[k] was changed behind the KMS: Its MAC does not fit."), judge(damaged));
  }
}
