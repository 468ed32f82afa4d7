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
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The next start seals what a killed process left open, and nothing that somebody still writes. */
@Timeout(120)
class OrphansTest extends JournalFolder {
  private static final int SEAL = JournalFormat.SEAL_FRAME_BYTES;

  private FolderRegister register;

  @BeforeEach
  void makeRegister() {
    register = new FolderRegister(temp.resolve("register"));
  }

  private Process hold() throws Exception {
    return child("hold", folder().toString(), temp.resolve("register").toString());
  }

  /** Starts a child and waits for its first line. */
  private Process child(String... words) throws Exception {
    Path out = Files.createTempFile(temp, "child", ".out");
    Process child = ChildProcess.start(out, words);
    while (Files.size(out) == 0) {
      assertTrue(child.isAlive());
      Thread.sleep(5);
    }
    return child;
  }

  private UUID killed() throws Exception {
    Process child = hold();
    child.destroyForcibly().waitFor();
    return register.all().get(0).stream();
  }

  private void start() throws InterruptedException {
    start(register, TestNotary.INSTANCE);
  }

  /** Begins and ends a journal, and waits for the sealing however long it takes. */
  private void start(StreamRegister streams, Notary notary) throws InterruptedException {
    try (Journal journal =
        new Journal(JournalSettings.in(folder()), Events.KEYS, streams, notary, clock())) {
      journal.record(Events.decrypt());
    }
    ChildProcess.awaitSealing();
  }

  private Verification verify(UUID stream) {
    return new AuditVerifier(folder(), Events.KEYS, register, TestNotary.INSTANCE).verify(stream);
  }

  private Path file(UUID stream) {
    return folder().resolve(JournalFile.name(stream, 0));
  }

  private SortedMap<Integer, Path> filesOf(UUID stream) throws IOException {
    return Objects.requireNonNull(StreamFiles.in(folder()).get(stream));
  }

  private List<Path> owners() throws IOException {
    try (Stream<Path> files = Files.list(folder().resolve("owners"))) {
      return files.toList();
    }
  }

  private void assertSealed(UUID stream, long records) {
    Verification verification = verify(stream);
    assertEquals(List.of(), verification.findings());
    assertEquals(Verification.Closing.BY_ANOTHER, verification.closing());
    assertEquals(records, verification.records());
    assertEquals(records, verification.sealedRecords());
    assertEquals(records, verification.checkpointedRecords());
    assertEquals(0, verification.tornBytes());
    assertEquals(records, register.find(stream).orElseThrow().end().orElseThrow().records());
  }

  @Test
  void streamOfAKilledProcessIsSealedByTheNextStart() throws Exception {
    UUID stream = killed();
    Verification before = verify(stream);
    assertEquals(List.of(), before.findings());
    assertEquals(Verification.Closing.NONE, before.closing());
    assertEquals(1, owners().size());

    start();

    assertSealed(stream, before.records());
    assertEquals(List.of(), owners());
    Verification copy =
        AuditVerifier.ofCopy(folder(), TestNotary.KEYS, Witnessed.NOTHING).verify(stream);
    assertEquals(Verification.Closing.BY_ANOTHER, copy.closing());
    assertEquals(before.records(), copy.checkpointedRecords());
  }

  @Test
  void endThatIsCutOffAfterTheSealingIsFound() throws Exception {
    UUID stream = killed();
    start();
    byte[] whole = Files.readAllBytes(file(stream));
    Files.write(file(stream), Arrays.copyOf(whole, whole.length - SEAL));

    assertTrue(verify(stream).findings().get(0).sentence().contains("its end was cut off"));
  }

  @Test
  void sealingHappensOnceAndStartsAfterItChangeNothing() throws Exception {
    UUID stream = killed();
    start();
    byte[] sealed = Files.readAllBytes(file(stream));
    start();

    assertEquals(1, register.ends(stream));
    assertEquals(-1, Arrays.mismatch(sealed, Files.readAllBytes(file(stream))));
  }

  @Test
  void streamOfALivingProcessIsLeftAlone() throws Exception {
    Process child = hold();
    UUID stream = register.all().get(0).stream();

    start();
    long seen = verify(stream).records();
    assertTrue(register.find(stream).orElseThrow().end().isEmpty());
    while (verify(stream).records() == seen) {
      assertTrue(child.isAlive());
    }
    child.destroyForcibly().waitFor();
    assertEquals(List.of(), verify(stream).findings());

    long records = verify(stream).records();
    start();
    assertSealed(stream, records);
  }

  @Test
  void streamOfThisProcessIsLeftAlone() throws InterruptedException {
    try (Journal living =
        new Journal(
            JournalSettings.in(folder()), Events.KEYS, register, TestNotary.INSTANCE, clock())) {
      living.record(Events.decrypt());
      start();
      living.record(Events.decrypt());
    }
    assertEquals(2, register.all().size());
    register
        .all()
        .forEach(
            stream ->
                assertEquals(
                    Verification.Closing.BY_ITS_PROCESS, verify(stream.stream()).closing()));
  }

  @Test
  void processesThatStartAtOnceSealOnce() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    Path signal = temp.resolve("go");
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      children.add(
          child("start", folder().toString(), temp.resolve("register").toString(), signal + ""));
    }
    Files.createFile(signal);
    for (Process child : children) {
      assertEquals(0, child.waitFor());
    }

    assertSealed(stream, records);
    assertEquals(1, register.ends(stream));
    String text = Files.readString(file(stream), StandardCharsets.ISO_8859_1);
    assertEquals(2, text.split("\n" + OrphanSeal.FACT, -1).length);
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

  private long offsetOfLastRecord(UUID stream) throws IOException {
    long[] offset = {0};
    StreamWalk.walk(
        filesOf(stream),
        new LenientVisitor() {
          @Override
          public void file(int index, String name) {}

          @Override
          public void frame(FileScan scan, long records) {
            if (scan.type() == JournalFormat.RECORD) {
              offset[0] = scan.position();
            }
          }
        });
    return offset[0];
  }

  @Test
  void fileOfAnotherNameKeepsNoStreamFromBeingSealed() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    Path junk = folder().resolve("owners").resolve("-".repeat(36) + ".1-1.owner");
    Files.createFile(junk);
    start();

    assertEquals(List.of(junk), owners());
    assertSealed(stream, records);
  }

  /** The store may have been put back to a state in which it did not know the stream yet. */
  @Test
  void streamThatTheStoreDoesNotKnowIsNotSealed() throws Exception {
    UUID stream = killed();
    Files.delete(temp.resolve("register").resolve(stream.toString()));
    start();

    assertEquals(Verification.Closing.NONE, verify(stream).closing());
    assertTrue(register.find(stream).isEmpty());
  }

  @Test
  void withoutTheHsmTheNextStartTriesAgain() throws Exception {
    UUID stream = killed();
    long records = verify(stream).records();
    byte[] left = Files.readAllBytes(file(stream));
    start(register, new AwayNotary());
    // A seal alone would hide which records had none.
    assertEquals(-1, Arrays.mismatch(left, Files.readAllBytes(file(stream))));

    start();
    assertSealed(stream, records);
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
    long[] end = {0};
    StreamWalk.walk(
        filesOf(stream),
        new LenientVisitor() {
          @Override
          public void file(int index, String name) {}

          @Override
          public void frame(FileScan scan, long records) {}

          @Override
          public void end(long offset, long records, long tornBytes) {
            end[0] = offset;
          }
        });
    return end[0];
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

  /** An HSM that is away. */
  private static final class AwayNotary implements Notary {
    @Override
    public String name() {
      return TestNotary.INSTANCE.name();
    }

    @Override
    public List<PublicKey> publicKeys() {
      return TestNotary.KEYS;
    }

    @Override
    public byte[] sign(byte[] hash) {
      throw new KmsException.HsmUnavailable("The HSM is away.", null);
    }

    @Override
    public List<String> facts() {
      return List.of();
    }

    @Override
    public void publish(UUID stream, String note) {}

    @Override
    public Optional<String> published(UUID stream) {
      return Optional.empty();
    }
  }
}
