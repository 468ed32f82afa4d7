// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.audit.JournalSettings.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What somebody finds out who has a copy of a journal and the public key alone. */
class CheckpointTamperingTest extends CheckpointFolder {
  /** Changes a byte of a frame's payload and corrects the checksum, as one who knows us would. */
  private void change(Frame frame, int index, long recordsBefore) throws IOException {
    Path path = files().get(0);
    byte[] file = Files.readAllBytes(path);
    ByteBuffer bytes = ByteBuffer.wrap(file);
    file[frame.offset() + 8 + index] ^= 1;
    byte[] covered = new byte[12 + frame.payload().remaining()];
    ByteBuffer.wrap(covered).putLong(recordsBefore).putInt(bytes.getInt(frame.offset()));
    bytes.get(frame.offset() + 8, covered, 12, frame.payload().remaining());
    CRC32C crc = new CRC32C();
    crc.update(covered);
    bytes.putInt(frame.offset() + 4, (int) crc.getValue());
    Files.write(path, file);
  }

  @Test
  void everyRecordAndEntryThatIsChangedWithItsChecksumIsFoundByThePublicKeyAlone()
      throws Exception {
    try (Journal journal = journal(Checkpoints.DEFAULT, TestNotary.INSTANCE)) {
      record(journal, 20);
    }
    byte[] whole = Files.readAllBytes(files().get(0));
    long records = 0;
    for (Frame frame : frames(whole)) {
      boolean isRecord = frame.type() == JournalFormat.RECORD;
      if (isRecord || frame.type() == JournalFormat.ENTRY) {
        for (int i = 0; i < frame.payload().remaining(); i++) {
          change(frame, i, records);
          Verification found = outside();
          assertFalse(found.isIntact(), "byte " + i + " of the frame at " + frame.offset());
          assertEquals(0, found.checkpointedRecords());
          Files.write(files().get(0), whole);
        }
      }
      records += isRecord ? 1 : 0;
    }
    assertEquals(20, records);
    assertTrue(outside().isIntact());
  }

  @Test
  void everyByteOfACheckpointCounts() throws Exception {
    try (Journal journal = journal(Checkpoints.DEFAULT, TestNotary.INSTANCE)) {
      record(journal, 3);
    }
    byte[] whole = Files.readAllBytes(files().get(0));
    Frame checkpoint =
        frames(whole).stream()
            .filter(frame -> frame.type() == JournalFormat.CHECKPOINT)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < checkpoint.payload().remaining(); i++) {
      change(checkpoint, i, 3);
      assertNotEquals(List.of(), outside().findings(), "byte " + i);
      Files.write(files().get(0), whole);
    }
  }

  @Test
  void checkpointOfAnotherKeyIsNone() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    Notary other = new TestNotary(generator.generateKeyPair());
    try (Journal journal = journal(Checkpoints.DEFAULT, other)) {
      record(journal, 3);
    }
    assertTrue(
        outside().findings().get(0).sentence().contains("not signed by a key of this KMS"),
        outside().toString());
  }

  private Verification witnessedBy(UUID stream, String note) throws IOException {
    Path witness = Files.createDirectories(temp.resolve("witness"));
    Files.writeString(witness.resolve(stream + ".checkpoint"), note);
    return AuditVerifier.ofCopy(folder(), TestNotary.KEYS, Witnessed.in(witness)).verify(stream);
  }

  /** Whoever cuts off the end of a stream that was never closed leaves no other trace. */
  @Test
  void endThatIsCutOffIsFoundByTheWitness() throws Exception {
    Checkpoints often = new Checkpoints(1, Duration.ZERO);
    TestNotary notary = TestNotary.INSTANCE;
    byte[] early;
    try (Journal journal = journal(often, notary)) {
      record(journal, 5);
      await(() -> !checkpoints().isEmpty());
      early = Files.readAllBytes(files().get(0));
      record(journal, 50);
    }
    UUID stream = outside().stream();
    String note = requireNonNull(notary.newest.get(stream));
    assertTrue(witnessedBy(stream, note).isIntact());

    Files.write(files().get(0), early);
    assertEquals(List.of(), outside().findings());
    assertTrue(witnessedBy(stream, note).findings().get(0).sentence().contains("55 records"));

    Files.delete(files().get(0));
    assertTrue(witnessedBy(stream, note).findings().get(0).sentence().contains("is gone"));
  }

  @Test
  void witnessThatWasTamperedWithIsNotBelieved() throws Exception {
    try (Journal journal = journal(Checkpoints.DEFAULT, TestNotary.INSTANCE)) {
      record(journal, 5);
    }
    UUID stream = outside().stream();
    String note = requireNonNull(TestNotary.INSTANCE.newest.get(stream));

    assertFalse(witnessedBy(stream, note.replace("\n5\n", "\n4\n")).isIntact());
    assertFalse(witnessedBy(stream, "nothing").isIntact());
  }
}
