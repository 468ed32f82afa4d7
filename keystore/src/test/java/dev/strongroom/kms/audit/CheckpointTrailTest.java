// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.JournalSettings.Checkpoints;
import dev.strongroom.kms.audit.proof.AuditPath;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.MerkleTree;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What the HSM signed of a journal, and what somebody with the public key alone finds out. */
class CheckpointTrailTest extends JournalFolder {

  /** Signs as the tests' notary does, once it is let to. */
  private abstract static class SlowNotary implements Notary {
    @Override
    public String name() {
      return TestNotary.INSTANCE.name();
    }

    @Override
    public List<PublicKey> publicKeys() {
      return TestNotary.INSTANCE.publicKeys();
    }

    @Override
    public List<String> facts() {
      return List.of();
    }

    @Override
    public void publish(UUID stream, String note) {}
  }

  private Journal journal(Checkpoints checkpoints, Notary notary) {
    return new Journal(
        JournalSettings.in(folder()).withCheckpoints(checkpoints),
        Events.KEYS,
        new Register(),
        notary,
        Clock.systemUTC());
  }

  private static void record(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.record(Events.numbered(i % 7));
    }
  }

  /** What somebody finds who has the folder and the public key. */
  private Verification outside() {
    AuditVerifier verifier = AuditVerifier.ofCopy(folder(), TestNotary.KEYS, Witnessed.NOTHING);
    List<UUID> streams = verifier.streams();
    assertEquals(1, streams.size());
    return verifier.verify(streams.get(0));
  }

  private List<Checkpoint> checkpoints() throws IOException {
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

  private record Frame(int type, int offset, ByteBuffer payload) {}

  private static List<Frame> frames(byte[] file) {
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

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "20 seconds have passed");
      Thread.sleep(5);
    }
  }

  @Test
  void closedJournalIsSignedToItsLastRecord() throws Exception {
    try (Journal journal = journal(Checkpoints.DEFAULT, TestNotary.INSTANCE)) {
      record(journal, 1000);
    }
    Verification found = outside();

    assertEquals(List.of(), found.findings());
    assertEquals(1000, found.records());
    assertEquals(1000, found.checkpointedRecords());
    assertEquals(0, found.sealedRecords());
    assertTrue(found.isClosed());
    assertEquals(1, checkpoints().size());
    assertEquals(List.of("assurance test"), checkpoints().get(0).facts());
    String witnessed = requireNonNull(TestNotary.INSTANCE.newest.get(found.stream()));
    assertEquals(checkpoints().get(0).toText(), SignedNote.parse(witnessed).orElseThrow().text());
  }

  @Test
  void checkpointsComeByNumberAndByTimeAndNameEachOther() throws Exception {
    Checkpoints often = new Checkpoints(100, Duration.ofHours(1));
    try (Journal journal = journal(often, TestNotary.INSTANCE)) {
      for (int i = 1; i <= 3; i++) {
        record(journal, 150);
        int expected = i;
        await(() -> checkpoints().size() >= expected);
      }
    }
    List<Checkpoint> made = checkpoints();
    assertTrue(made.size() >= 3);
    assertTrue(made.get(0).previous().isEmpty());
    assertTrue(made.get(1).previous().isPresent());
    assertEquals(450, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
  }

  @Test
  void idleJournalGetsItsCheckpointToo() throws Exception {
    Checkpoints soon = new Checkpoints(1_000_000, Duration.ofMillis(200));
    try (Journal journal = journal(soon, TestNotary.INSTANCE)) {
      record(journal, 1);
      await(() -> checkpoints().size() == 1);
      Thread.sleep(500);
      assertEquals(1, checkpoints().size(), "without new records there is nothing to sign");
      record(journal, 1);
      await(() -> checkpoints().size() == 2);
    }
    assertEquals(2, outside().checkpointedRecords());
  }

  @Test
  void noCallWaitsForASlowNotary() throws Exception {
    CountDownLatch let = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    Notary slow =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            asked.countDown();
            try {
              let.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(new Checkpoints(10, Duration.ofHours(1)), slow)) {
      record(journal, 100);
      asked.await();
      record(journal, 10_000);
      assertEquals(List.of(), checkpoints());
      let.countDown();
      await(() -> !checkpoints().isEmpty());
    }
    assertEquals(10_100, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
  }

  @Test
  void whatCouldNotBeSignedIsSignedLater() throws Exception {
    AtomicBoolean isAway = new AtomicBoolean(true);
    CountDownLatch tried = new CountDownLatch(2);
    Notary away =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            tried.countDown();
            if (isAway.get()) {
              throw new KmsException.HsmUnavailable("The HSM is away.", null);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(new Checkpoints(1, Duration.ofHours(1)), away)) {
      await(
          () -> {
            record(journal, 1);
            return tried.getCount() == 0;
          });
      isAway.set(false);
      record(journal, 1);
      await(() -> !checkpoints().isEmpty());
    }
    assertEquals(List.of(), outside().findings());
    assertEquals(outside().records(), outside().checkpointedRecords());
  }

  @Test
  void signatureThatNeverComesLetsTheJournalEndWithoutIt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Notary hanging =
        new SlowNotary() {
          @Override
          public byte[] sign(byte[] hash) {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return TestNotary.INSTANCE.sign(hash);
          }
        };
    try (Journal journal = journal(Checkpoints.DEFAULT, hanging)) {
      record(journal, 3);
    }
    byte[] ended = Files.readAllBytes(files().get(0));
    never.countDown();
    Thread.sleep(200);

    assertEquals(ByteBuffer.wrap(ended), ByteBuffer.wrap(Files.readAllBytes(files().get(0))));
    assertTrue(outside().isClosed());
    assertEquals(0, outside().checkpointedRecords());
    assertEquals(List.of(), outside().findings());
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
    String note = UTF_8.decode(checkpoint.payload().duplicate()).toString();
    int textBytes = note.substring(0, note.indexOf('\u2014')).getBytes(UTF_8).length;
    for (int i = 0; i < textBytes; i++) {
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
    AuditProver prover = new AuditProver(folder());
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
  void eventThatIsNotThereHasNoProof() {
    writeRecords(1, Map.of());
    assertThrows(
        KmsException.NotFound.class, () -> new AuditProver(folder()).prove(new UUID(1, 2)));
  }
}
