// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** Streams that killed processes left open, and starts that come after. */
abstract class OrphanScene extends JournalFolder {
  FolderRegister register;

  @BeforeEach
  void makeRegister() {
    register = new FolderRegister(temp.resolve("register"));
  }

  Process hold() throws Exception {
    return child("hold", folder().toString(), temp.resolve("register").toString());
  }

  /** Starts a child and waits for its first line. */
  Process child(String... words) throws Exception {
    Path out = Files.createTempFile(temp, "child", ".out");
    Process child = ChildProcess.start(out, words);
    while (Files.size(out) == 0) {
      assertTrue(child.isAlive());
      Thread.sleep(5);
    }
    return child;
  }

  UUID killed() throws Exception {
    Process child = hold();
    child.destroyForcibly().waitFor();
    return register.all().get(0).stream();
  }

  void start() throws InterruptedException {
    start(register, TestNotary.INSTANCE);
  }

  /** Begins and ends a journal, and waits for the sealing however long it takes. */
  void start(StreamRegister streams, Notary notary) throws InterruptedException {
    try (Journal journal =
        new Journal(JournalSettings.in(folder()), Events.KEYS, streams, notary, clock())) {
      journal.record(Events.decrypt());
    }
    ChildProcess.awaitSealing();
  }

  Verification verify(UUID stream) {
    return new AuditVerifier(TrailFolders.of(folder()), Events.KEYS, register, TestNotary.INSTANCE)
        .verify(stream);
  }

  Path file(UUID stream) {
    return folder().resolve(JournalFile.name(stream, 0));
  }

  SortedMap<Integer, Path> filesOf(UUID stream) throws IOException {
    return Objects.requireNonNull(StreamFiles.in(folder()).get(stream));
  }

  List<Path> owners() throws IOException {
    try (Stream<Path> files = Files.list(folder().resolve("owners"))) {
      return files.toList();
    }
  }

  void assertSealed(UUID stream, long records) {
    Verification verification = verify(stream);
    assertEquals(List.of(), verification.findings());
    assertEquals(Verification.Closing.BY_ANOTHER, verification.closing());
    assertEquals(records, verification.records());
    assertEquals(records, verification.sealedRecords());
    assertEquals(records, verification.checkpointedRecords());
    assertEquals(0, verification.tornBytes());
    assertEquals(records, register.find(stream).orElseThrow().end().orElseThrow().records());
  }

  /** An HSM that is away. */
  static final class AwayNotary implements Notary {
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
