// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.JournalSettings.Checkpoints;
import dev.strongroom.kms.audit.proof.AuditPath;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.MerkleTree;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecordProofTest extends CheckpointFolder {
  @Test
  void everyRecordHasAProofThatLeadsToTheSignedRoot() throws Exception {
    Checkpoints often = new Checkpoints(7, Duration.ofHours(1));
    try (Journal journal = journal(often, TestNotary.INSTANCE)) {
      for (int i = 0; i < 5; i++) {
        record(journal, 11);
        int expected = i + 1;
        await(() -> checkpoints().size() >= expected);
      }
    }
    AuditProver prover = new AuditProver(verifier());
    UUID stream = outside().stream();
    for (int i = 0; i < 55; i++) {
      RecordProof proof = prover.prove(AuditRecord.derivedId("event", stream, i));
      SignedNote note = SignedNote.parse(proof.checkpoint()).orElseThrow();
      byte[] root =
          AuditPath.root(
              leaf(proof),
              proof.index(),
              proof.size(),
              proof.path().stream().map(Base64.getDecoder()::decode).toList());

      assertEquals(i, proof.index());
      assertEquals("Decrypt", proof.entries().get(0).get(0));
      assertTrue(note.isSignedBy(TestNotary.KEYS.get(0)));
      assertEquals(
          Checkpoint.parse(note.text()).orElseThrow().root(),
          Base64.getEncoder().encodeToString(root));
    }
  }

  /** The formula of {@link JournalFormat}, with nothing of ours but the tree's. */
  private static byte[] leaf(RecordProof proof) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    ByteArrayOutputStream call = new ByteArrayOutputStream();
    for (List<String> texts : proof.entries()) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      entry.write(texts.size());
      for (String text : texts) {
        entry.write(text.length());
        entry.writeBytes(text.getBytes(UTF_8));
      }
      call.writeBytes(texts.isEmpty() ? new byte[32] : sha256.digest(entry.toByteArray()));
    }
    ByteArrayOutputStream leaf = new ByteArrayOutputStream();
    leaf.writeBytes(Base64.getDecoder().decode(proof.head()));
    leaf.writeBytes(sha256.digest(call.toByteArray()));
    leaf.writeBytes(Base64.getDecoder().decode(proof.rest()));
    return MerkleTree.leafHash(leaf.toByteArray());
  }

  @Test
  void proofAcrossADamagedRecordIsRefusedInWords() throws Exception {
    writeRecords(20, Map.of());
    Path file = files().get(0);
    byte[] bytes = Files.readAllBytes(file);
    List<Frame> records =
        frames(bytes).stream().filter(frame -> frame.type() == JournalFormat.RECORD).toList();
    bytes[records.get(5).offset() + 10] ^= 1;
    Files.write(file, bytes);
    UUID event = AuditRecord.derivedId("event", outside().stream(), 2);

    KmsException.AuditUnavailable refusal =
        assertThrows(
            KmsException.AuditUnavailable.class, () -> new AuditProver(verifier()).prove(event));

    assertTrue(String.valueOf(refusal.getMessage()).contains("validate-logs"));
  }

  @Test
  void eventThatIsNotThereHasNoProof() {
    writeRecords(1, Map.of());
    assertThrows(
        KmsException.NotFound.class, () -> new AuditProver(verifier()).prove(new UUID(1, 2)));
  }
}
