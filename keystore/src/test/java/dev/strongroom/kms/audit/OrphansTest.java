// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The next start seals what a killed process left open, and nothing that somebody still writes. */
@Timeout(120)
class OrphansTest extends OrphanScene {
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
    assertEquals(before.records() - before.sealedRecords(), copy.leftRecords());
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
  void ownerFilesThatNeverHadTheirNameAreSweptWhenTheyAreOld() throws Exception {
    Path owners = Files.createDirectories(folder().resolve("owners"));
    Path old = Files.createFile(owners.resolve(new UUID(0, 1) + ".new"));
    Path fresh = Files.createFile(owners.resolve(new UUID(0, 2) + ".new"));
    Files.setLastModifiedTime(old, FileTime.from(NOON.minusSeconds(3601)));
    Files.setLastModifiedTime(fresh, FileTime.from(NOON.minusSeconds(3599)));

    start();

    assertEquals(List.of(fresh), owners());
  }
}
