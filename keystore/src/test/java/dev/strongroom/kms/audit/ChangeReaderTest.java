// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.RowChange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeReaderTest extends JournalFolder {
  private static final RowChange CHANGE =
      new RowChange("cmk[k]", Optional.empty(), Optional.of("ab".repeat(32)));

  private ChangeHistory read() {
    return ChangeReader.begin(verifier()).end(Set.of());
  }

  private void writeChange(long revision) {
    try (Journal journal = journal()) {
      journal.prepare();
      journal.recordChanging(revision, List.of(CHANGE));
      journal.recordChanged(revision);
    }
  }

  /** Returns where the frame of a kind stands. */
  private static int offsetOf(Path file, ChangeFrame.Kind kind) throws IOException {
    int[] offset = {0};
    StreamWalk.walkFile(
        file,
        new LenientVisitor() {
          @Override
          public void file(int index, String name) {}

          @Override
          public void frame(FileScan scan, long records) throws FrameReader.Malformed {
            if (scan.type() == JournalFormat.STORE_CHANGE
                && ChangeFrame.read(scan.payload()).kind() == kind) {
              offset[0] = (int) scan.position();
            }
          }
        });
    return offset[0];
  }

  @Test
  void committedChangeIsReadWithItsRevision() {
    writeChange(7);
    ChangeHistory history = read();

    assertEquals(7, history.newest());
    assertEquals(1, history.changes().size());
    assertEquals(List.of(CHANGE), history.changes().get(0).rows());
  }

  /** Whoever can write to the folder can write that, and accuse the store of being old. */
  @Test
  void revisionThatNoSealCoversProvesNothing() throws IOException {
    writeChange(7);
    Path file = files().get(0);
    int commit = offsetOf(file, ChangeFrame.Kind.COMMITTED);
    Files.write(file, withoutSeal(Files.readAllBytes(file), commit));

    assertEquals(0, read().newest());
    assertEquals(1, read().changes().size());
  }

  /** A signature says that they stood there, not who wrote them. */
  @Test
  void changesThatOnlyTheNextStartSealedAreNotBelieved() throws IOException {
    FolderRegister register = new FolderRegister(temp.resolve("register"));
    writeChange(7);
    Path file = files().get(0);
    UUID stream = verifier().streams().get(0);
    int begun = offsetOf(file, ChangeFrame.Kind.BEGUN);
    Files.write(file, withoutSeal(Files.readAllBytes(file), begun));
    register.opened(stream, NOON);
    Files.createDirectories(folder().resolve("owners"));
    Files.createFile(folder().resolve("owners").resolve(stream + ".1-1.owner"));
    new Orphans(JournalSettings.in(folder()), Events.KEYS, register, TestNotary.INSTANCE, clock())
        .sealAll();

    Verification sealed = verifier().verify(stream);
    assertEquals(List.of(), sealed.findings());
    assertEquals(Verification.Closing.BY_ANOTHER, sealed.closing());
    assertEquals(List.of(), read().changes());
    assertEquals(0, read().newest());
  }

  /** Returns the file up to behind the frame at an offset: what comes before it has no seal. */
  private static byte[] withoutSeal(byte[] file, int offset) {
    int word = ByteBuffer.wrap(file).getInt(offset);
    return Arrays.copyOf(file, offset + JournalFormat.frameBytes(JournalFormat.payloadBytes(word)));
  }

  /** A frame has room for 32 rows. */
  @Test
  void changeOfManyRowsIsReadAsOne() {
    List<RowChange> rows =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new RowChange("cmk[" + i + "]", Optional.of("cd".repeat(32)), Optional.empty()))
            .toList();
    try (Journal journal = journal()) {
      journal.prepare();
      journal.recordChanging(3, rows);
      journal.recordChanged(3);
    }

    assertEquals(rows, read().changes().get(0).rows());
  }
}
