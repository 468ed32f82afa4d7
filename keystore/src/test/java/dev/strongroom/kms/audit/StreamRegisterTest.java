// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is known of streams outside of their files: the register, and the domain key's versions. */
class StreamRegisterTest extends JournalFolder {
  private final Register register = new Register();

  private Journal journal(StreamKeys keys) {
    return new Journal(JournalSettings.in(folder()), keys, register, TestNotary.INSTANCE, clock());
  }

  private UUID write(StreamKeys keys) {
    List<RegisteredStream> before = register.all();
    try (Journal journal = journal(keys)) {
      journal.record(Events.decrypt());
      journal.record(Events.refused());
    }
    return register.all().stream()
        .filter(stream -> before.stream().noneMatch(old -> old.stream().equals(stream.stream())))
        .map(RegisteredStream::stream)
        .findFirst()
        .orElseThrow();
  }

  private Verification verify(StreamKeys keys, UUID stream) {
    return new AuditVerifier(TrailFolders.of(folder()), keys, register, TestNotary.INSTANCE)
        .verify(stream);
  }

  private Path file(UUID stream) {
    return folder().resolve(JournalFile.name(stream, 0));
  }

  @Test
  void streamIsRegisteredBeforeItsFirstRecordAndItsEndAfterTheLast() {
    try (Journal journal = journal(Events.KEYS)) {
      assertTrue(register.all().isEmpty());
      journal.record(Events.decrypt());

      assertEquals(1, register.all().size());
      assertEquals(NOON, register.all().get(0).opened());
      assertTrue(register.all().get(0).end().isEmpty());
    }
    StreamEnd end = register.all().get(0).end().orElseThrow();
    assertEquals(1, end.records());
    assertArrayEquals(end.toBytes(), StreamEnd.fromBytes(end.toBytes()).toBytes());
    assertThrows(IllegalArgumentException.class, () -> StreamEnd.fromBytes(new byte[47]));
  }

  @Test
  void withoutTheRegisterNothingIsRecordedAndNoFileIsLeft() throws IOException {
    StreamRegister away =
        new ForwardingRegister(register) {
          @Override
          public void opened(UUID stream, Instant time) {
            throw new KmsException.StoreUnavailable("The store is away.", null);
          }
        };
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()), Events.KEYS, away, TestNotary.INSTANCE, clock())) {
      KmsException.AuditUnavailable refused =
          assertThrows(KmsException.AuditUnavailable.class, () -> journal.record(Events.decrypt()));
      assertTrue(String.valueOf(refused.getMessage()).contains("The store is away."));
    }
    assertEquals(List.of(), register.all());
    assertEquals(List.of(), files());
  }

  @Test
  void streamIsSealedEvenIfItsEndCannotBeRegistered() {
    StreamRegister away =
        new ForwardingRegister(register) {
          @Override
          public void closed(UUID stream, Instant time, StreamEnd end) {
            throw new KmsException.StoreUnavailable("The store is away.", null);
          }
        };
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()), Events.KEYS, away, TestNotary.INSTANCE, clock())) {
      journal.record(Events.decrypt());
    }
    assertIntact(1);
  }

  @Test
  void streamThatIsGoneIsNamed() throws IOException {
    UUID gone = write(Events.KEYS);
    UUID there = write(Events.KEYS);
    Files.delete(file(gone));
    AuditVerifier verifier =
        new AuditVerifier(TrailFolders.of(folder()), Events.KEYS, register, TestNotary.INSTANCE);

    assertEquals(List.of(gone), verifier.missing().stream().map(RegisteredStream::stream).toList());
    assertEquals(2, verifier.streams().size());
    Verification verification = verifier.verify(gone);
    assertFalse(verification.isIntact());
    assertTrue(verification.findings().get(0).sentence().contains("is gone"));
    assertTrue(verifier.verify(there).isIntact());
  }

  /** At the seals a stream looks like that of a process that was killed there. */
  @Test
  void endOfAClosedStreamCannotBeCutOff() throws IOException {
    UUID stream;
    try (Journal journal =
        new Journal(
            JournalSettings.in(folder()).withSync(JournalSettings.Sync.ALWAYS),
            Events.KEYS,
            register,
            TestNotary.INSTANCE,
            clock())) {
      journal.record(Events.decrypt());
      journal.record(Events.refused());
    }
    stream = register.all().get(0).stream();
    byte[] whole = Files.readAllBytes(file(stream));
    assertTrue(verify(Events.KEYS, stream).isIntact());
    Files.write(file(stream), Arrays.copyOf(whole, whole.length - JournalFormat.SEAL_FRAME_BYTES));

    assertTrue(Events.verifier(folder()).verify(stream).isIntact());
    Verification verification = verify(Events.KEYS, stream);
    assertEquals(1, verification.findings().size());
    assertTrue(verification.findings().get(0).sentence().contains("closed after 2 records"));
  }

  @Test
  void streamVerifiesAfterTheDomainKeyWasRotated() {
    UUID old = write(Events.keys(1));
    UUID fresh = write(Events.keys(2));

    assertTrue(verify(Events.keys(2), old).isIntact());
    assertTrue(verify(Events.keys(2), fresh).isIntact());
    assertEquals(2, verify(Events.keys(2), fresh).sealedRecords());
  }

  @Test
  void streamOfAVersionThatThereIsNotIsNotVerified() {
    UUID fresh = write(Events.keys(2));

    Verification verification = verify(Events.keys(1), fresh);
    assertEquals(0, verification.sealedRecords());
    assertTrue(verification.findings().get(0).sentence().contains("no version 2"));
    assertEquals(AuditRecord.Integrity.DAMAGED, verification.integrityOf(0));
  }

  @Test
  void streamMovedToAnotherVersionFitsNoSeal() throws IOException {
    UUID stream = write(Events.keys(1));
    byte[] bytes = Files.readAllBytes(file(stream));
    bytes[8 + 8 + 84 + 3] = 2;
    Files.write(file(stream), bytes);

    assertFalse(verify(Events.keys(2), stream).isIntact());
    assertEquals(0, verify(Events.keys(2), stream).sealedRecords());
  }

  /** A register that fails in one method. */
  private static class ForwardingRegister implements StreamRegister {
    private final StreamRegister register;

    ForwardingRegister(StreamRegister register) {
      this.register = register;
    }

    @Override
    public void opened(UUID stream, Instant time) {
      register.opened(stream, time);
    }

    @Override
    public void closed(UUID stream, Instant time, StreamEnd end) {
      register.closed(stream, time, end);
    }

    @Override
    public Optional<RegisteredStream> find(UUID stream) {
      return register.find(stream);
    }

    @Override
    public List<RegisteredStream> all() {
      return register.all();
    }
  }
}
