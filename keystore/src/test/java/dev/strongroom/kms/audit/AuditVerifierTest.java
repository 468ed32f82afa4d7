// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is done to a journal behind its back is found, and found where it was done. {@code
 * -Dstrongroom.flips=10000} changes each byte of a journal of so many records.
 */
class AuditVerifierTest {
  private static final int RECORDS = 200;
  private static final int CHANGED_RECORDS = Integer.getInteger("strongroom.flips", RECORDS);

  /** How many records tests write that want a block for each. */
  private static final int BLOCKS = 60;

  @TempDir Path folder;

  @Test
  void everyChangedByteIsFoundAndLocated() throws IOException {
    Path file = write(CHANGED_RECORDS, JournalSettings.Sync.BATCH);
    byte[] original = Files.readAllBytes(file);
    List<Frame> frames = frames(original);

    for (int i = 0; i < original.length; i++) {
      byte[] changed = original.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      Files.write(file, changed);
      Verification verification = verify(file);

      assertFalse(verification.isIntact() && verification.isClosed(), "byte " + i);
      if (frameAt(frames, i).type == JournalFormat.RECORD) {
        assertEquals(1, verification.findings().size(), "byte " + i);
        assertEquals(
            frameAt(frames, i).record, verification.findings().get(0).record(), "byte " + i);
      }
    }
  }

  @Test
  void changeWithAMatchingChecksumIsFoundByTheSeal() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    byte[] bytes = Files.readAllBytes(file);
    Frame victim = records(frames(bytes)).get(77);
    bytes[victim.offset + 8 + 3] ^= 1;
    fixChecksum(bytes, victim, victim.record);
    Files.write(file, bytes);

    Verification verification = verify(file);

    assertEquals(1, verification.findings().size());
    assertTrue(verification.findings().get(0).sentence().contains("seal"));
    assertEquals(RECORDS, verification.records());
    assertEquals(AuditRecord.Integrity.DAMAGED, verification.integrityOf(77));
  }

  @Test
  void removedRecordIsFound() throws IOException {
    assertLocated(frames -> frames.remove(indexOfRecord(frames, 50)), 50);
  }

  @Test
  void removedRecordIsFoundWhereChecksumsWereMadeToFit() throws IOException {
    Path file = write(BLOCKS, JournalSettings.Sync.ALWAYS);
    byte[] original = Files.readAllBytes(file);
    List<Frame> frames = frames(original);
    frames.remove(indexOfRecord(frames, 50));
    byte[] bytes = join(original, frames);
    long records = 0;
    for (Frame frame : frames(bytes)) {
      fixChecksum(bytes, frame, records);
      records += frame.type == JournalFormat.RECORD ? 1 : 0;
    }
    Files.write(file, bytes);

    Verification verification = verify(file);

    assertFalse(verification.isIntact());
    assertEquals(50, verification.findings().get(0).record());
  }

  @Test
  void repeatedRecordIsFound() throws IOException {
    assertLocated(
        frames -> frames.add(indexOfRecord(frames, 51), frames.get(indexOfRecord(frames, 50))), 51);
  }

  @Test
  void swappedRecordsAreFound() throws IOException {
    assertLocated(
        frames -> {
          int first = indexOfRecord(frames, 50);
          Frame moved = frames.remove(first);
          frames.add(indexOfRecord(frames, 51) + 1, moved);
        },
        50);
  }

  @Test
  void removedBlockIsFound() throws IOException {
    assertLocated(
        frames -> {
          int seal = indexOfRecord(frames, 50) + 1;
          assertEquals(JournalFormat.SEAL, frames.remove(seal).type);
          frames.remove(seal - 1);
        },
        50);
  }

  @Test
  void repeatedBlockIsFound() throws IOException {
    assertLocated(
        frames -> {
          int record = indexOfRecord(frames, 50);
          frames.addAll(record + 2, List.of(frames.get(record), frames.get(record + 1)));
        },
        51);
  }

  @Test
  void swappedBlocksAreFound() throws IOException {
    assertLocated(
        frames -> {
          int record = indexOfRecord(frames, 50);
          Frame moved = frames.remove(record);
          Frame seal = frames.remove(record);
          frames.addAll(record + 2, List.of(moved, seal));
        },
        50);
  }

  @Test
  void everyTailThatIsCutOffLeavesAnOpenStream() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    byte[] original = Files.readAllBytes(file);

    for (int length = 0; length < original.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(original, length));
      Verification verification = verify(file);

      assertFalse(verification.isClosed(), "length " + length);
      assertTrue(verification.records() <= RECORDS);
    }
  }

  @Test
  void bytesBehindTheEndAreFound() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    byte[] original = Files.readAllBytes(file);

    byte[] zeros = java.util.Arrays.copyOf(original, original.length + 4096);
    Files.write(file, zeros);
    assertTrue(verify(file).isIntact());

    zeros[original.length + 1000] = 1;
    Files.write(file, zeros);
    assertFalse(verify(file).isIntact());
  }

  @Test
  void recordAppendedToAClosedStreamIsFound() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    byte[] original = Files.readAllBytes(file);
    Frame record = records(frames(original)).get(RECORDS - 1);
    byte[] longer = java.util.Arrays.copyOf(original, original.length + record.length);
    System.arraycopy(original, record.offset, longer, original.length, record.length);
    fixChecksum(longer, new Frame(record.type, original.length, record.length, 0), RECORDS);
    Files.write(file, longer);

    assertFalse(verify(file).isIntact());
  }

  @Test
  void removedAndSwappedFilesAreFound() throws IOException {
    JournalSettings small = JournalSettings.in(folder).withMaxFileBytes(262_144);
    try (Journal journal =
        new Journal(small, Events.KEYS, new Register(), TestNotary.INSTANCE, Clock.systemUTC())) {
      for (int i = 0; i < 20_000; i++) {
        journal.record(Events.numbered(i));
      }
    }
    List<Path> files = files();
    assertTrue(files.size() >= 4);
    assertTrue(verify(files.get(0)).isIntact());

    for (int i = 0; i < files.size() - 1; i++) {
      byte[] kept = Files.readAllBytes(files.get(i));
      byte[] next = Files.readAllBytes(files.get(i + 1));
      Files.delete(files.get(i));
      assertFalse(verify(files.get(i)).isIntact(), "without file " + i);
      assertEquals(1, verify(files.get(i)).findings().size(), verify(files.get(i)).toString());

      Files.write(files.get(i), next);
      Files.write(files.get(i + 1), kept);
      assertFalse(verify(files.get(i)).isIntact(), "swapped at " + i);
      Files.write(files.get(i), kept);
      Files.write(files.get(i + 1), next);
    }
    Files.delete(files.get(files.size() - 1));
    assertFalse(verify(files.get(0)).isClosed());
  }

  @Test
  void fileOfAnotherStreamIsFound() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    UUID other = UUID.fromString("00000000-0000-4000-8000-000000000000");
    Path moved = folder.resolve(JournalFile.name(other, 0));
    Files.move(file, moved);

    assertFalse(verify(moved).isIntact());
  }

  @Test
  void otherKeysFitNoSeal() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);

    Verification verification =
        new AuditVerifier(TrailFolders.of(folder), otherKeys(), new Register(), TestNotary.INSTANCE)
            .verify(streamOf(file));

    assertFalse(verification.isIntact());
    assertEquals(0, verification.sealedRecords());
  }

  private static StreamKeys otherKeys() {
    return new StreamKeys() {
      @Override
      public int currentVersion() {
        return 1;
      }

      @Override
      public Optional<byte[]> keyOf(UUID stream, int version) {
        return Optional.of(new byte[32]);
      }
    };
  }

  @Test
  void typesOfLaterVersionsStopTheReaderUnlessTheyMayBePassedOver() throws IOException {
    Path file = write(3, JournalSettings.Sync.BATCH);
    byte[] original = Files.readAllBytes(file);
    Frame record = records(frames(original)).get(1);

    byte[] changed = original.clone();
    changed[record.offset] = 0x7f;
    fixChecksum(changed, record, 1);
    Files.write(file, changed);
    assertTrue(verify(file).findings().get(0).sentence().contains("later version"));

    changed[record.offset] = (byte) 0x80;
    fixChecksum(changed, record, 1);
    Files.write(file, changed);
    assertTrue(
        verify(file).findings().stream()
            .noneMatch(finding -> finding.sentence().contains("later version")));
  }

  @Test
  void lookupReadsAroundDamageAndSaysSo() throws IOException {
    Path file = write(RECORDS, JournalSettings.Sync.BATCH);
    byte[] bytes = Files.readAllBytes(file);
    bytes[records(frames(bytes)).get(100).offset + 12] ^= 1;
    Files.write(file, bytes);

    List<AuditRecord> records = Events.lookup(folder, AuditQuery.newest(1000)).run();

    assertEquals(RECORDS - 1, records.size());
    assertEquals(99, records.get(99).sequence());
    assertEquals(101, records.get(100).sequence());
    assertEquals(AuditRecord.Integrity.DAMAGED, records.get(100).integrity());
  }

  @Test
  void unknownStreamIsNotFound() {
    assertThrows(
        KmsException.NotFound.class, () -> Events.verifier(folder).verify(UUID.randomUUID()));
  }

  // Helpers

  /** A change to the frames of a journal. */
  private interface Change {
    void apply(List<Frame> frames);
  }

  private void assertLocated(Change change, long record) throws IOException {
    Path file = write(BLOCKS, JournalSettings.Sync.ALWAYS);
    byte[] original = Files.readAllBytes(file);
    List<Frame> frames = frames(original);
    change.apply(frames);
    Files.write(file, join(original, frames));

    Verification verification = verify(file);

    assertFalse(verification.isIntact());
    assertEquals(record, verification.findings().get(0).record(), verification.toString());
  }

  private Path write(int records, JournalSettings.Sync sync) throws IOException {
    JournalSettings settings = JournalSettings.in(folder).withSync(sync);
    try (Journal journal =
        new Journal(
            settings, Events.KEYS, new Register(), TestNotary.INSTANCE, Clock.systemUTC())) {
      for (int i = 0; i < records; i++) {
        journal.record(Events.decrypt());
      }
    }
    return files().get(0);
  }

  private Verification verify(Path file) {
    return Events.verifier(folder).verify(streamOf(file));
  }

  private static UUID streamOf(Path file) {
    return UUID.fromString(file.getFileName().toString().substring(0, 36));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private record Frame(int type, int offset, int length, long record) {}

  private static List<Frame> frames(byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    long records = 0;
    for (int at = 8; at < bytes.length; ) {
      int word = ByteBuffer.wrap(bytes).getInt(at);
      int type = word >>> 24;
      int length = (8 + (word & 0xff_ffff) + 3) & -4;
      frames.add(new Frame(type, at, length, records));
      records += type == JournalFormat.RECORD ? 1 : 0;
      at += length;
    }
    return frames;
  }

  private static Frame frameAt(List<Frame> frames, int offset) {
    return frames.stream()
        .filter(frame -> offset >= frame.offset && offset < frame.offset + frame.length)
        .findFirst()
        .orElse(new Frame(0, 0, 8, 0));
  }

  private static List<Frame> records(List<Frame> frames) {
    return frames.stream().filter(frame -> frame.type == JournalFormat.RECORD).toList();
  }

  private static int indexOfRecord(List<Frame> frames, long record) {
    return frames.indexOf(
        records(frames).stream().filter(f -> f.record == record).findFirst().orElseThrow());
  }

  private static byte[] join(byte[] original, List<Frame> frames) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(original, 0, 8);
    frames.forEach(frame -> joined.write(original, frame.offset, frame.length));
    return joined.toByteArray();
  }

  private static void fixChecksum(byte[] bytes, Frame frame, long records) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int word = buffer.getInt(frame.offset);
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(records).putInt(word).flip());
    crc.update(bytes, frame.offset + 8, word & 0xff_ffff);
    buffer.putInt(frame.offset + 4, (int) crc.getValue());
  }
}
