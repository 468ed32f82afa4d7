// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.AuditRecord.Integrity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a lookup says of the seals over the records that it found, wherever they stand. */
class LookupIntegrityTest extends JournalFolder {

  private static final long RECORDS = 6_000;
  private static final List<RowChange> CHANGE =
      List.of(new RowChange("cmk[k]", Optional.empty(), Optional.of("ab".repeat(32))));

  /** A block: its first record, where its last stands and which comes after it, and its seal. */
  private record Block(long firstRecord, int lastOffset, long endRecord, int seal) {}

  /** Writes a stream of several files, and several blocks in each. */
  private void writeFiles() {
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()).withMaxFileBytes(262_144),
            Events.KEYS,
            new Register(),
            TestNotary.INSTANCE,
            clock())) {
      for (int i = 0; i < RECORDS; i++) {
        journal.record(Events.numbered(i));
        if (i % 20 == 0) {
          journal.recordChanging(i, CHANGE); // awaits a seal
        }
      }
    }
  }

  private static List<Block> blocks(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    StreamWalk.walkFile(
        file,
        new LenientVisitor() {
          private int last;
          private long first = -1;

          @Override
          public void file(int index, String name) {}

          @Override
          public void frame(FileScan scan, long records) {
            first = first < 0 ? records : first;
            if (scan.type() == JournalFormat.RECORD) {
              last = (int) scan.position();
            } else if (scan.type() == JournalFormat.SEAL) {
              blocks.add(new Block(first, last, records, (int) scan.position()));
              first = records;
            }
          }
        });
    return blocks;
  }

  private Set<Long> having(Integrity integrity) {
    return lookupAll().stream()
        .filter(record -> record.integrity() == integrity)
        .map(AuditRecord::sequence)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  private static void flip(Path file, int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void recordsOfAllBlocksAndFilesAreSealed() throws IOException {
    writeFiles();

    assertTrue(files().size() > 1, files().toString());
    assertTrue(blocks(files().get(1)).size() > 3);
    assertEquals(range(0, RECORDS), having(Integrity.SEALED));
  }

  @Test
  void wrongSealConcernsTheRecordsUnderItAndOfTheNextBlockOnly() throws IOException {
    writeFiles();
    Path file = files().get(1);
    List<Block> blocks = blocks(file);
    flip(file, blocks.get(1).seal() + JournalFormat.FRAME_HEAD_BYTES + 20);

    assertEquals(
        range(blocks.get(1).firstRecord(), blocks.get(2).endRecord()), having(Integrity.DAMAGED));
  }

  @Test
  void changedRecordIsLeftOutAndTheOthersOfItsBlockAreDamaged() throws IOException {
    writeFiles();
    Path file = files().get(0);
    Block block = widest(blocks(file));
    assertTrue(block.endRecord() - block.firstRecord() > 1);
    flip(file, block.lastOffset() + JournalFormat.FRAME_HEAD_BYTES + 1);
    Set<Long> damaged = having(Integrity.DAMAGED);

    assertEquals(range(block.firstRecord(), block.endRecord() - 1), damaged);
    assertEquals(RECORDS - 1 - damaged.size(), having(Integrity.SEALED).size());
  }

  private static Block widest(List<Block> blocks) {
    return Collections.max(
        blocks, Comparator.comparingLong(block -> block.endRecord() - block.firstRecord()));
  }

  @Test
  void damagedHeaderConcernsTheFirstBlockOfItsFileOnly() throws IOException {
    writeFiles();
    Path file = files().get(1);
    Block first = blocks(file).get(0);
    int header = JournalFormat.MAGIC.length + JournalFormat.FRAME_HEAD_BYTES;
    flip(file, header + JournalFormat.HEADER_MAC_OFFSET);

    assertEquals(range(first.firstRecord(), first.endRecord()), having(Integrity.DAMAGED));
    assertEquals(RECORDS, lookupAll().size());
  }

  @Test
  void recordsBehindTheLastSealAreUnsealed() throws IOException {
    writeFiles();
    Path last = files().get(files().size() - 1);
    List<Block> blocks = blocks(last);
    Block cut = widest(blocks);
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, cut.seal()));

    assertEquals(range(cut.firstRecord(), cut.endRecord()), having(Integrity.UNSEALED));
    assertEquals(Set.of(), having(Integrity.DAMAGED));
  }

  @Test
  void fileThatIsStillWrittenHasSealedRecords() {
    try (Journal journal = journal()) {
      for (int i = 0; i < 100; i++) {
        journal.record(Events.numbered(i));
      }
      List<AuditRecord> found = journal.lookup(ALL);

      assertEquals(100, found.size());
      assertTrue(
          found.stream().noneMatch(record -> record.integrity() == Integrity.DAMAGED),
          found.toString());
    }
  }
}
