// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads on in all streams from where an earlier reading ended. */
final class FurtherRecords {
  private final AuditVerifier verifier;

  FurtherRecords(AuditVerifier verifier) {
    this.verifier = verifier;
  }

  /** See {@link Journal#readOn}. */
  List<Verification> read(Map<UUID, Long> from, Consumer<AuditRecord> each) {
    List<Verification> looked = new ArrayList<>();
    Inventory inventory = verifier.inventory();
    for (UUID stream : inventory.streams()) {
      long start = from.getOrDefault(stream, 0L);
      if (!isAtEnd(inventory, stream, start)) {
        Verification verification = verifier.verify(stream, inventory, Optional.empty());
        looked.add(verification);
        if (verification.intactRecords() > start) {
          read(inventory, verification, start, each);
        }
      }
    }
    return looked;
  }

  /** A closed stream has no more than it had: those that were read to the end cost nothing. */
  private static boolean isAtEnd(Inventory inventory, UUID stream, long start) {
    return inventory
        .find(stream)
        .flatMap(RegisteredStream::end)
        .filter(end -> end.records() == start)
        .isPresent();
  }

  /** Verifies a second time: what was verified before was read from the disk before. */
  private void read(
      Inventory inventory, Verification verification, long start, Consumer<AuditRecord> each) {
    Intact records = new Intact(verification, start, each);
    Verification again = verifier.verify(verification.stream(), inventory, Optional.of(records));
    if (records.next < records.end || again.intactRecords() < records.end) {
      throw new KmsException.AuditUnavailable(
          "Stream "
              + verification.stream()
              + " of the audit trail was changed while it was read. 'cloudtrail validate-logs' says"
              + " where.",
          null);
    }
  }

  /** Hands over the records from the first wanted to the last intact. */
  private static final class Intact extends RecordPass {
    private final Verification verification;
    private final Consumer<AuditRecord> each;
    private final long end;
    private long next;

    Intact(Verification verification, long start, Consumer<AuditRecord> each) {
      super(verification.stream());
      this.verification = verification;
      this.each = each;
      this.end = verification.intactRecords();
      this.next = start;
    }

    @Override
    void row(RecordDecoder.Row row) {
      if (row.sequence() == next && next < end) {
        each.accept(row.record(verification.integrityOf(next)));
        next++;
      }
    }
  }
}
