// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.ChangeHistory;
import dev.strongroom.kms.audit.StoreChange;
import dev.strongroom.kms.storage.StoreContents;
import dev.strongroom.kms.storage.StoreContents.StoredRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Holds each row of the store against the last change of it that is on record.
 *
 * <p>A change that was begun and not said to be committed may have been or not: its process was
 * killed in between. Both states are then right. Revisions say what came after what: no clock is
 * asked. Of rows that are older than the first change on record nothing is said.
 */
final class RowJudgement {
  private final StoreContents contents;
  private final Map<String, List<State>> states = new TreeMap<>();
  private final boolean isComplete;
  private final long firstRevision;
  private long agreeing;
  private long unrecorded;

  /** What a change on record did to a row. */
  private record State(long revision, boolean isCommitted, RowChange change) {}

  /** Who is told what is wrong. */
  interface Report {
    /**
     * Tells of one row.
     *
     * @param isCertain whether it cannot be what a part of the trail says that is missing
     */
    void wrong(boolean isCertain, String sentence);
  }

  RowJudgement(StoreContents contents, ChangeHistory history) {
    this.contents = contents;
    this.isComplete = history.gaps().isEmpty();
    this.firstRevision =
        history.changes().stream().mapToLong(StoreChange::revision).min().orElse(Long.MAX_VALUE);
    for (StoreChange change : history.changes()) {
      // What others changed after the store was looked at does not show there.
      if (change.isEarly() || change.revision() <= contents.revision()) {
        for (RowChange row : change.rows()) {
          states
              .computeIfAbsent(row.row(), name -> new ArrayList<>())
              .add(new State(change.revision(), change.isCommitted(), row));
        }
      }
    }
  }

  void run(Report report) {
    Map<String, StoredRow> stored = new HashMap<>();
    for (StoredRow row : contents.rows()) {
      stored.put(row.name(), row);
      judge(row, report);
    }
    states.forEach(
        (name, changes) -> {
          if (!stored.containsKey(name)) {
            judgeAbsent(name, changes, report);
          }
        });
  }

  /** Returns how many rows are as the trail says. */
  long agreeingRows() {
    return agreeing;
  }

  /** Returns how many rows are older than what the trail has. */
  long unrecordedRows() {
    return unrecorded;
  }

  private void judge(StoredRow row, Report report) {
    List<State> changes = states.getOrDefault(row.name(), List.of());
    if (row.damage().isPresent()) {
      report.wrong(true, row.name() + " was changed behind the KMS: " + row.damage().get());
    } else if (changes.isEmpty()) {
      judgeUnknown(row, report);
    } else if (isExpected(changes, Optional.of(row.hash()))) {
      agreeing++;
    } else {
      judgeOther(row, changes, report);
    }
  }

  private void judgeUnknown(StoredRow row, Report report) {
    if (!row.isRecorded()) {
      return;
    }
    if (row.revision() < firstRevision || isMadeByInit(row)) {
      unrecorded++;
    } else {
      report.wrong(
          isComplete,
          row.name() + " was created at revision " + row.revision() + " without a record.");
    }
  }

  private void judgeOther(StoredRow row, List<State> changes, Report report) {
    State last = last(changes);
    if (row.revision() <= last.revision() || isFormer(changes, row.hash())) {
      report.wrong(
          true,
          row.name()
              + (last.change().after().isEmpty() ? " was put back: it" : " was rolled back: it")
              + " is as of revision "
              + row.revision()
              + (last.change().after().isEmpty()
                  ? ", and was deleted at revision "
                  : ", and was changed last at revision ")
              + last.revision()
              + ".");
    } else if (isMadeByInit(row)) {
      unrecorded++;
    } else {
      report.wrong(
          isComplete,
          row.name()
              + " was changed at revision "
              + row.revision()
              + " without a record; the last on record is that of revision "
              + last.revision()
              + ".");
    }
  }

  private void judgeAbsent(String name, List<State> changes, Report report) {
    if (isExpected(changes, Optional.empty())) {
      agreeing++;
    } else {
      report.wrong(
          isComplete || last(changes).revision() > contents.revision(),
          name
              + " is gone: it was written at revision "
              + last(changes).revision()
              + ", and nobody deleted it.");
    }
  }

  /** Commands that make a KMS and its root's access key record nothing: there is no trail yet. */
  private static boolean isMadeByInit(StoredRow row) {
    return row.name().startsWith("account[")
        || (row.name().startsWith("principal[") && row.name().endsWith(", ]"));
  }

  private static boolean isExpected(List<State> changes, Optional<String> hash) {
    Optional<State> committed = lastCommitted(changes);
    if (committed.isPresent() && committed.get().change().after().equals(hash)) {
      return true;
    }
    long since = committed.map(State::revision).orElse(0L);
    return changes.stream()
        .filter(state -> !state.isCommitted() && state.revision() > since)
        .anyMatch(
            state ->
                state.change().after().equals(hash)
                    || (committed.isEmpty() && state.change().before().equals(hash)));
  }

  private static boolean isFormer(List<State> changes, String hash) {
    Optional<String> wanted = Optional.of(hash);
    return changes.stream()
        .map(State::change)
        .anyMatch(change -> change.before().equals(wanted) || change.after().equals(wanted));
  }

  private static State last(List<State> changes) {
    return lastCommitted(changes).orElse(changes.get(changes.size() - 1));
  }

  private static Optional<State> lastCommitted(List<State> changes) {
    State last = null;
    for (State state : changes) {
      if (state.isCommitted() && (last == null || state.revision() >= last.revision())) {
        last = state;
      }
    }
    return Optional.ofNullable(last);
  }
}
