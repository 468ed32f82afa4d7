// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far the streams of killed processes go, and what was done to their ends. */
@Timeout(120)
class OrphanEndsTest extends OrphanScene {
  private static final int SEAL = JournalFormat.SEAL_FRAME_BYTES;

  @Test
  void endThatIsCutOffAfterTheSealingIsFound() throws Exception {
    UUID stream = killed();
    start();
    byte[] whole = Files.readAllBytes(file(stream));
    Files.write(file(stream), Arrays.copyOf(whole, whole.length - SEAL));

    assertTrue(verify(stream).findings().get(0).sentence().contains("its end was cut off"));
  }

  /** Whoever signed that would cover up what was done. */
  @Test
  void streamThatWasChangedIsNotSealed() throws Exception {
    UUID stream = killed();
    try (RandomAccessFile file = new RandomAccessFile(file(stream).toFile(), "rw")) {
      file.seek(500);
      int old = file.read();
      file.seek(500);
      file.write(old ^ 1);
    }
    byte[] changed = Files.readAllBytes(file(stream));
    start();

    assertEquals(-1, Arrays.mismatch(changed, Files.readAllBytes(file(stream))));
    assertTrue(register.find(stream).orElseThrow().end().isEmpty());
    assertFalse(verify(stream).isIntact());
  }

  /** The checkpoint of the sealing takes the place of what the witness has. */
  @Test
  void streamThatLacksWhatTheWitnessSawIsNotSealed() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    Path owner = owners().get(0);
    start();
    byte[] sealed = Files.readAllBytes(file(stream));
    String witnessed = TestNotary.INSTANCE.published(stream).orElseThrow();

    Files.write(file(stream), Arrays.copyOf(sealed, (int) offsetOfLastRecord(stream)));
    leaveOpen(stream, owner);
    start();
    assertTrue(register.find(stream).orElseThrow().end().isEmpty());
    assertEquals(witnessed, TestNotary.INSTANCE.published(stream).orElseThrow());

    Files.write(file(stream), sealed);
    start();
    assertSealed(stream, records);
  }

  private void leaveOpen(UUID stream, Path owner) throws IOException {
    Files.writeString(temp.resolve("register").resolve(stream.toString()), NOON + "\n");
    Files.createFile(owner);
  }

  /** Keeps where a walk came to. */
  private static class Place extends LenientVisitor {
    long offset;

    @Override
    public void file(int index, String name) {}

    @Override
    public void frame(FileScan scan, long records) {}
  }

  private long offsetOfLastRecord(UUID stream) throws IOException {
    Place last =
        new Place() {
          @Override
          public void frame(FileScan scan, long records) {
            if (scan.type() == JournalFormat.RECORD) {
              offset = scan.position();
            }
          }
        };
    StreamWalk.walk(filesOf(stream), last);
    return last.offset;
  }

  @Test
  void endThatCouldNotBeRegisteredIsRegisteredByTheNextStart() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    start(
        new StreamRegister() {
          @Override
          public void opened(UUID opened, Instant time) {
            register.opened(opened, time);
          }

          @Override
          public void closed(UUID closed, Instant time, StreamEnd end) {
            throw new KmsException.StoreUnavailable("The store is away.", null);
          }

          @Override
          public Optional<RegisteredStream> find(UUID found) {
            return register.find(found);
          }

          @Override
          public List<RegisteredStream> all() {
            return register.all();
          }
        },
        TestNotary.INSTANCE);
    assertEquals(Verification.Closing.BY_ANOTHER, verify(stream).closing());
    assertTrue(register.find(stream).orElseThrow().end().isEmpty());

    start();
    assertSealed(stream, records);
    assertEquals(1, register.ends(stream));
  }

  @Test
  void halfARecordIsCutOffAndCounted() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    long end = endOfFrames(stream);
    try (RandomAccessFile file = new RandomAccessFile(file(stream).toFile(), "rw")) {
      file.seek(end + JournalFormat.FRAME_HEAD_BYTES);
      file.write(new byte[] {1, 2, 3, 4, 5});
    }
    assertEquals(List.of(), verify(stream).findings());
    start();

    assertSealed(stream, records);
    String text = Files.readString(file(stream), StandardCharsets.ISO_8859_1);
    assertTrue(text.matches("(?s).*\norphan [0-9]+ 13 [0-9]+\n.*"));
  }

  /** Returns where a killed process's frames end: there are zeros up to the end of the file. */
  private long endOfFrames(UUID stream) throws IOException {
    Place end =
        new Place() {
          @Override
          public void end(long endOffset, long records, long tornBytes) {
            offset = endOffset;
          }
        };
    StreamWalk.walk(filesOf(stream), end);
    return end.offset;
  }

  /** A process makes the next file ahead, and may be killed before it moves there. */
  @Test
  void fileThatWasMadeAheadIsNoDamage() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    Path ahead = folder().resolve(JournalFile.name(stream, 1));
    Files.write(ahead, new byte[100_000]);
    assertEquals(List.of(), verify(stream).findings());
    start();

    assertSealed(stream, records);
    assertFalse(Files.exists(ahead));
  }

  @Test
  void streamThatStoppedBetweenTwoFilesEndsInTheNext() throws Exception {
    UUID stream;
    try (Journal living =
        new Journal(
            JournalSettings.in(temp.resolve("living")).withMaxFileBytes(262_144),
            Events.KEYS,
            register,
            new AwayNotary(),
            clock())) {
      for (int i = 0; i < 10_000; i++) {
        living.record(Events.numbered(i));
      }
      stream = register.all().get(0).stream();
      Files.createDirectories(folder().resolve("owners"));
      Files.copy(temp.resolve("living").resolve(JournalFile.name(stream, 0)), file(stream));
      Files.createFile(folder().resolve("owners").resolve(stream + ".1-1.owner"));
      // Up to the magic number of the next: the process was killed there.
      Files.write(folder().resolve(JournalFile.name(stream, 1)), JournalFormat.MAGIC);
    }
    Files.writeString(
        temp.resolve("register").resolve(stream.toString()), NOON + "\n"); // not closed here
    long records = verify(stream).records();
    assertTrue(records > 1000);
    start();

    assertSealed(stream, records);
    assertEquals(2, filesOf(stream).size());
  }
}
