// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.usage.MaterialUse;
import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.audit.usage.UsageTally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks through all streams once, for uses of keys. */
final class KeyUses {
  private final AuditVerifier verifier;

  KeyUses(AuditVerifier verifier) {
    this.verifier = verifier;
  }

  /** See {@link Journal#sumUsage}. */
  UsageReport sums(
      AuditQuery.Viewer viewer,
      Optional<String> key,
      Optional<Instant> from,
      Optional<Instant> to) {
    Sums sums =
        new Sums(
            viewer,
            key,
            from.map(Selection::ceilingMillis).orElse(Long.MIN_VALUE),
            to.map(Selection::ceilingMillis).orElse(Long.MAX_VALUE));
    RecordPass.overAll(verifier, stream -> new SumPass(stream, sums));
    return sums.tally.report(sums.unreadable);
  }

  /** See {@link Journal#lastUse}. */
  LastUse last(String keyArn) {
    Newest newest = new Newest();
    RecordPass.overAll(verifier, stream -> new LastUsePass(stream, keyArn, newest));
    RecordDecoder.Row use = newest.use;
    Optional<AuditRecord> record =
        use == null
            ? Optional.empty()
            : Optional.of(use.record(verifier.verify(use.stream()).integrityOf(use.sequence())));
    return new LastUse(record, Instant.ofEpochMilli(newest.beginMillis), newest.unreadable);
  }

  /** See {@link Journal#usesByMaterial}. */
  List<MaterialUse> byMaterial(String keyArn) {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    RecordPass.overAll(verifier, stream -> new MaterialPass(stream, keyArn, counts));
    List<MaterialUse> uses = new ArrayList<>();
    new TreeMap<>(counts)
        .forEach(
            (material, operations) ->
                new TreeMap<>(operations)
                    .forEach(
                        (operation, calls) ->
                            uses.add(new MaterialUse(material, operation, calls))));
    return uses;
  }

  private static final class MaterialPass extends RecordPass {
    private final String keyArn;
    private final Map<String, Map<String, Long>> counts;

    MaterialPass(UUID stream, String keyArn, Map<String, Map<String, Long>> counts) {
      super(stream);
      this.keyArn = keyArn;
      this.counts = counts;
    }

    @Override
    void row(RecordDecoder.Row row) {
      if (row.outcome() == UsageTally.Outcome.CALL
          && Operation.isKeyUse(row.eventName())
          && row.keyArn().filter(keyArn::equals).isPresent()) {
        row.keyMaterialId()
            .ifPresent(
                material ->
                    counts
                        .computeIfAbsent(material, id -> new HashMap<>())
                        .merge(row.eventName(), 1L, Long::sum));
      }
    }
  }

  /** What all streams sum up to. */
  private static final class Sums {
    private final UsageTally tally = new UsageTally();
    private final AuditQuery.Viewer viewer;
    private final Optional<String> key;
    private final long fromMillis;
    private final long toMillis;
    private long unreadable;

    Sums(AuditQuery.Viewer viewer, Optional<String> key, long fromMillis, long toMillis) {
      this.viewer = viewer;
      this.key = key;
      this.fromMillis = fromMillis;
      this.toMillis = toMillis;
    }

    void consider(RecordDecoder.Row row) {
      if (row.timeMillis() < fromMillis
          || row.timeMillis() >= toMillis
          || !Operation.isKeyUse(row.eventName())
          || !viewer.sees(row)
          || (key.isPresent() && !Selection.isAbout(row, key.get()))) {
        return;
      }
      row.keyArn()
          .ifPresent(
              arn ->
                  tally.add(
                      row.timeMillis(),
                      arn,
                      row.callerArn().orElse(""),
                      row.eventName(),
                      row.outcome()));
    }
  }

  private static final class SumPass extends RecordPass {
    private final Sums sums;

    SumPass(UUID stream, Sums sums) {
      super(stream);
      this.sums = sums;
    }

    @Override
    void row(RecordDecoder.Row row) {
      sums.consider(row);
    }

    @Override
    void unreadable() {
      sums.unreadable++;
    }
  }

  /** The newest use of all streams, and when the oldest record of them was written. */
  static final class Newest {
    private RecordDecoder.@Nullable Row use;
    private long beginMillis = Long.MAX_VALUE;
    private long unreadable;

    void begin(long timeMillis) {
      beginMillis = Math.min(beginMillis, timeMillis);
    }

    void unreadable() {
      unreadable++;
    }

    void use(RecordDecoder.Row row) {
      if (use == null || row.timeMillis() > use.timeMillis()) {
        use = row;
      }
    }
  }
}
