// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import dev.strongroom.kms.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an export writes. */
class LogExportTest extends ExportedTrail {
  private Map<?, ?> json(String object) throws Exception {
    return map(new String(unzipped(target().resolve(object)), UTF_8));
  }

  private static Map<?, ?> map(String json) throws Exception {
    return (Map<?, ?>) Objects.requireNonNull(Json.parse(json, 1 << 30));
  }

  private static List<?> list(Map<?, ?> json, String name) {
    return (List<?>) Objects.requireNonNull(json.get(name));
  }

  private List<String> eventIds(ExportResult export) throws Exception {
    List<String> ids = new ArrayList<>();
    for (String file : export.logFiles()) {
      for (Object event : list(json(file), "Records")) {
        ids.add((String) ((Map<?, ?>) event).get("eventID"));
      }
    }
    return ids;
  }

  @Test
  void everyRecordIsInOneFileOfItsHour() throws Exception {
    List<ExportResult> exports = threeExports();

    String prefix =
        "AWSLogs/111122223333/CloudTrail/local/2026/01/01/111122223333_CloudTrail_local_";
    assertEquals(2, exports.get(0).logFiles().size());
    assertTrue(
        exports.get(0).logFiles().stream()
            .anyMatch(f -> f.matches(prefix + "20260101T1200Z_[0-9a-f]{16}\\.json\\.gz")));
    assertTrue(
        exports.get(0).logFiles().stream().anyMatch(f -> f.startsWith(prefix + "20260101T1300Z_")));
    assertEquals(List.of(), exports.get(1).logFiles());
    assertEquals(List.of(7L, 0L, 11L), exports.stream().map(ExportResult::records).toList());

    List<String> all = new ArrayList<>();
    for (ExportResult export : exports) {
      all.addAll(eventIds(export));
    }
    Set<String> expected = new TreeSet<>();
    try (Journal journal = open()) {
      journal.lookup(ALL).forEach(record -> expected.add(record.eventId().toString()));
    }
    assertEquals(18, all.size());
    assertEquals(expected, new TreeSet<>(all));
    assertEquals(new ExportVerification(3, 3, List.of()), check());
  }

  /**
   * By "validate CloudTrail log file integrity with custom implementations", and nothing of ours.
   */
  @Test
  void rulesOfCloudTrailVerifyTheChain() throws Exception {
    List<ExportResult> exports = threeExports();
    String object = exports.get(2).digest();
    int digests = 0;
    while (object != null) {
      byte[] bytes = unzipped(target().resolve(object));
      Map<?, ?> digest = json(object);
      Map<?, ?> metadata = map(Files.readString(target().resolve(object + ".metadata.json")));
      String text =
          digest.get("digestEndTime")
              + "\n"
              + digest.get("digestS3Bucket")
              + "/"
              + digest.get("digestS3Object")
              + "\n"
              + sha256(bytes)
              + "\n"
              + digest.get("previousDigestSignature");
      Signature signature = Signature.getInstance((String) digest.get("digestSignatureAlgorithm"));
      signature.initVerify(TestNotary.KEYS.get(0));
      signature.update(text.getBytes(UTF_8));
      assertTrue(
          signature.verify(HexFormat.of().parseHex((String) metadata.get("x-amz-meta-signature"))));
      assertEquals("trail", digest.get("digestS3Bucket"));
      assertEquals(object, digest.get("digestS3Object"));
      for (Object each : list(digest, "logFiles")) {
        Map<?, ?> file = (Map<?, ?>) each;
        assertEquals(
            file.get("hashValue"),
            sha256(unzipped(target().resolve((String) file.get("s3Object")))));
      }
      String previous = (String) digest.get("previousDigestS3Object");
      if (previous != null) {
        assertEquals(
            digest.get("previousDigestHashValue"), sha256(unzipped(target().resolve(previous))));
        assertEquals(digest.get("digestStartTime"), json(previous).get("digestEndTime"));
      }
      object = previous;
      digests++;
    }
    assertEquals(3, digests);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void recordThatIsReadLateIsInTheNextExport() throws Exception {
    try (Journal journal = open()) {
      record(journal, 1);
      export(journal);
      time.pass(Duration.ofHours(-5)); // somebody set the clock back
      record(journal, 1);
      time.pass(Duration.ofHours(6));
      ExportResult late = export(journal);

      assertEquals(1, late.records());
      assertTrue(late.logFiles().get(0).contains("_20260101T0700Z_"), late.logFiles().get(0));
      assertEquals(List.of(), check().findings());
    }
  }

  @Test
  void streamThatWasChangedIsExportedUpToThere() throws Exception {
    try (Journal journal = open()) {
      record(journal, 50);
    }
    Path file = files().get(0);
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length;
    while (bytes[--at] == 0) {}
    bytes[at / 2] ^= 1;
    Files.write(file, bytes);

    try (Journal journal = open()) {
      ExportResult export = export(journal);

      assertEquals(1, export.damaged().size());
      assertEquals(export.damaged().get(0).intactRecords(), export.records());
      assertTrue(export.records() < 50);
    }
    assertTrue(check().isIntact());
  }

  @Test
  void onlyTheOwnerReadsUnlessTheFolderLetsItsGroup() throws Exception {
    threeExports();
    assertEquals(Set.of("rwx------", "rw-------"), modes());

    Files.setPosixFilePermissions(target(), PosixFilePermissions.fromString("rwxr-xr-x"));
    time.pass(Duration.ofDays(1));
    try (Journal journal = open()) {
      record(journal, 1);
      Path file = target().resolve(export(journal).logFiles().get(0));
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  private Set<String> modes() throws IOException {
    Set<String> modes = new TreeSet<>();
    try (Stream<Path> all = Files.walk(target())) {
      for (Path path : all.toList()) {
        modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      }
    }
    return modes;
  }

  /** Verified first and handed over later: the disk is another one meanwhile. */
  @Test
  void journalThatIsChangedWhileItIsReadIsNotExported() throws Exception {
    try (Journal journal = open()) {
      record(journal, 100_000);
    }
    Path file = files().get(0);
    try (Journal journal = open()) {
      boolean[] isChanged = {false};
      assertThrows(
          KmsException.AuditUnavailable.class,
          () ->
              journal.readOn(
                  Map.of(),
                  record -> {
                    if (!isChanged[0]) {
                      isChanged[0] = true;
                      changeLastRecord(file);
                    }
                  }));
    }
  }

  private static void changeLastRecord(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int at = bytes.length;
      while (bytes[--at] == 0) {}
      bytes[at * 9 / 10] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
