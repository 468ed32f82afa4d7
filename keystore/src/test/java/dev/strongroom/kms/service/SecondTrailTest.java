// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A KMS whose audit trail is kept twice, by the setting {@code audit.second}. */
class SecondTrailTest {
  @TempDir Path home;

  private EmbeddedKms open(Path second) throws IOException {
    Files.writeString(home.resolve("strongroom.properties"), "audit.second=" + second + "\n");
    return KmsAssembly.open(KmsConfig.inHome(home), () -> {});
  }

  private Caller root(EmbeddedKms kms) {
    kms.health(); // makes the KMS, and its credentials
    try (Credentials credentials = KmsConfig.inHome(home).credentials().orElseThrow()) {
      return kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  @Test
  void healthAndMetricsSayThatOneFolderFailsAndCallsGoOn() throws IOException {
    Path second = Files.writeString(home.resolve("second"), "a file is in its place");
    try (EmbeddedKms kms = open(second)) {
      Caller root = root(kms);
      assertEquals(8, kms.generateRandom(root, 8).length);

      List<Health.Finding> findings =
          kms.health().findings().stream().filter(found -> found.part().equals("audit")).toList();
      assertEquals(
          List.of(Health.Severity.OK, Health.Severity.WARNING),
          findings.stream().map(Health.Finding::severity).toList());
      assertTrue(findings.get(1).sentence().contains(second.toString()));
      assertTrue(kms.metrics().isJournalWritable());
      assertEquals(1, kms.metrics().getFailingJournalFolders());
      assertEquals(1, kms.metrics().getJournalFolderFailures());
    }
  }

  @Test
  void bothFoldersHaveTheTrailAndWhatIsWrongWithOneIsSaid() throws IOException {
    Path second = home.resolve("elsewhere").resolve("second");
    try (EmbeddedKms kms = open(second)) {
      kms.generateRandom(root(kms), 8);
    }
    Path ended;
    try (var files = Files.list(second)) {
      ended = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(ended);
    bytes[200] ^= 1;
    Files.write(ended, bytes);

    try (EmbeddedKms kms = open(second)) {
      List<Verification> streams = kms.validateLogs(root(kms));
      assertTrue(streams.stream().allMatch(Verification::isIntact));
      List<Verification.Finding> findings =
          streams.stream().flatMap(stream -> stream.copyFindings().stream()).toList();
      assertEquals(List.of(ended.toString()), findings.stream().map(f -> f.file()).toList());
      assertEquals(0, kms.metrics().getFailingJournalFolders());
    }
  }

  @Test
  void foldersThatAreOneAreRefused() {
    KmsException refusal =
        assertThrows(
            KmsException.Configuration.class,
            () -> {
              try (EmbeddedKms kms = open(home.resolve("audit").resolve("second"))) {
                root(kms);
              }
            });
    assertTrue(String.valueOf(refusal.getMessage()).contains("audit.second"));
  }
}
