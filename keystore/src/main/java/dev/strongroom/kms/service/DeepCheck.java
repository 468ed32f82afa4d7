// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.ChangeHistory;
import dev.strongroom.kms.audit.ChangeReader;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.StoreContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Holds the store against the trail: {@code doctor --deep}. */
final class DeepCheck {
  private static final String PART = "store/trail";
  private static final String STREAMS = "audit_stream[";

  private final KeyStorage storage;
  private final Journal trail;

  DeepCheck(KeyStorage storage, Journal trail) {
    this.storage = storage;
    this.trail = trail;
  }

  List<Health.Finding> run() {
    List<Health.Finding> findings = new ArrayList<>();
    try {
      ChangeReader reader = trail.readChanges();
      StoreContents contents = storage.inspect();
      ChangeHistory history = reader.end(streams(contents));
      compare(contents, history, findings);
    } catch (KmsException e) {
      findings.add(new Health.Finding(Health.Severity.ERROR, PART, String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static Set<UUID> streams(StoreContents contents) {
    return contents.rows().stream()
        .map(StoreContents.StoredRow::name)
        .filter(name -> name.startsWith(STREAMS))
        .map(name -> name.substring(STREAMS.length(), name.length() - 1))
        .filter(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
        .map(UUID::fromString)
        .collect(Collectors.toSet());
  }

  private static void compare(
      StoreContents contents, ChangeHistory history, List<Health.Finding> findings) {
    if (contents.revision() < history.newest()) {
      error(
          findings,
          "The store is at revision "
              + contents.revision()
              + ", and the trail knows that it was at "
              + history.newest()
              + ": an older copy of the whole store was put back.");
    }
    history.unknown().forEach(stream -> error(findings, unknown(stream)));
    contents.unreadable().forEach(sentence -> error(findings, sentence));
    history.gaps().forEach(gap -> add(findings, Health.Severity.WARNING, gap + WHAT_A_GAP_MEANS));
    RowJudgement judgement = new RowJudgement(contents, history);
    judgement.run(
        (isCertain, sentence) ->
            add(findings, isCertain ? Health.Severity.ERROR : Health.Severity.WARNING, sentence));
    long before = judgement.unrecordedRows();
    if (before > 0) {
      add(
          findings,
          Health.Severity.NOTE,
          before
              + " rows are older than what the trail has of the store, and were checked by their"
              + " MACs only.");
    }
    if (findings.stream().noneMatch(finding -> finding.severity() == Health.Severity.ERROR)) {
      add(
          findings,
          Health.Severity.OK,
          judgement.agreeingRows() + " rows of the store are as the trail says.");
    } else {
      add(
          findings,
          Health.Severity.NOTE,
          "Unless you restored a backup yourself: stop using the store, put the newest backup back,"
              + " and find out who could write to it. 'cloudtrail lookup-events' has what was"
              + " done to each key.");
    }
  }

  private static final String WHAT_A_GAP_MEANS =
      " What it had on changes of the store cannot be judged.";

  private static String unknown(UUID stream) {
    return "The store does not know stream "
        + stream
        + " of the trail, which was registered before its first record: an older copy of the store"
        + " was put back, or the journal is of another store.";
  }

  private static void error(List<Health.Finding> findings, String sentence) {
    add(findings, Health.Severity.ERROR, sentence);
  }

  private static void add(
      List<Health.Finding> findings, Health.Severity severity, String sentence) {
    findings.add(new Health.Finding(severity, PART, sentence));
  }
}
