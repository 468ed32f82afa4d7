// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.audit.JournalSettings.Checkpoints;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/** A folder with journals and their checkpoints. */
abstract class CheckpointFolder extends JournalFolder {
  Journal journal(Checkpoints checkpoints, Notary notary) {
    return new Journal(
        JournalSettings.in(folder()).withCheckpoints(checkpoints),
        Events.KEYS,
        new Register(),
        notary,
        Clock.systemUTC());
  }

  static void record(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.record(Events.numbered(i % 7));
    }
  }

  /** What somebody finds who has the folder and the public key. */
  Verification outside() {
    AuditVerifier verifier = AuditVerifier.ofCopy(folder(), TestNotary.KEYS, Witnessed.NOTHING);
    List<UUID> streams = verifier.streams();
    assertEquals(1, streams.size());
    return verifier.verify(streams.get(0));
  }

  List<Checkpoint> checkpoints() throws IOException {
    List<Checkpoint> found = new ArrayList<>();
    for (Frame frame : frames(Files.readAllBytes(files().get(0)))) {
      if (frame.type() == JournalFormat.CHECKPOINT) {
        SignedNote note =
            SignedNote.parse(UTF_8.decode(frame.payload().duplicate()).toString()).orElseThrow();
        found.add(Checkpoint.parse(note.text()).orElseThrow());
      }
    }
    return found;
  }

  record Frame(int type, int offset, ByteBuffer payload) {}

  static List<Frame> frames(byte[] file) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(file);
    for (int at = 8; at < file.length && bytes.getInt(at) != 0; ) {
      int word = bytes.getInt(at);
      byte[] payload = new byte[JournalFormat.payloadBytes(word)];
      bytes.get(at + 8, payload);
      frames.add(new Frame(JournalFormat.type(word), at, ByteBuffer.wrap(payload)));
      at += JournalFormat.frameBytes(payload.length);
    }
    return frames;
  }

  static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "20 seconds have passed");
      Thread.sleep(5);
    }
  }
}
