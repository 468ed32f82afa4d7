// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.export.ExportCheck;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import dev.strongroom.kms.audit.export.LogExport;
import dev.strongroom.kms.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LogExportTest extends JournalFolder {
  private final Register register = new Register();
  private final Time time = new Time();

  /** A clock that tests set. */
  private static final class Time extends Clock {
    private volatile Instant now = NOON;

    void pass(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private Path target() {
    return temp.resolve("trail");
  }

  private Journal open() {
    return new Journal(
        JournalSettings.in(folder()), Events.KEYS, register, TestNotary.INSTANCE, time);
  }

  private ExportResult export(Journal journal) {
    time.pass(Duration.ofSeconds(1));
    return new LogExport(journal, Events.PLACE, time).into(target());
  }

  private ExportVerification check() throws IOException {
    return ExportCheck.run(target(), TestNotary.KEYS);
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static void zip(Path file, byte[] content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

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

  private static void record(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.record(Events.decrypt());
    }
  }

  /** Three exports of three hours; the second has nothing. */
  private List<ExportResult> threeExports() {
    List<ExportResult> exports = new ArrayList<>();
    try (Journal journal = open()) {
      record(journal, 3);
      time.pass(Duration.ofHours(1));
      record(journal, 4);
      exports.add(export(journal));
      time.pass(Duration.ofHours(1));
      exports.add(export(journal));
      record(journal, 5);
    }
    try (Journal journal = open()) {
      record(journal, 6);
      exports.add(export(journal));
    }
    return exports;
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

  private void assertFound(String sentence) throws IOException {
    List<ExportVerification.Finding> findings = check().findings();
    assertTrue(
        findings.stream().anyMatch(finding -> finding.sentence().contains(sentence)),
        findings.toString());
  }

  @Test
  void changedLogFileIsFound() throws Exception {
    Path file = target().resolve(threeExports().get(0).logFiles().get(0));
    zip(file, new String(unzipped(file), UTF_8).replace("alice", "mallo").getBytes(UTF_8));

    assertFound("The log file was changed");
    Files.write(file, new byte[] {1, 2, 3});
    assertFound("The log file cannot be read");
    Files.delete(file);
    assertFound("The log file is missing");
  }

  @Test
  void changedDigestIsFound() throws Exception {
    String object = threeExports().get(1).digest();
    Path file = target().resolve(object);
    zip(file, new String(unzipped(file), UTF_8).replace("T14:", "T16:").getBytes(UTF_8));

    assertFound("The digest was changed");
    assertFound("not signed with one of these public keys");
  }

  @Test
  void newestDigestIsHeldToItsSignatureAlone() throws Exception {
    String object = threeExports().get(2).digest();
    Path file = target().resolve(object);
    zip(
        file,
        new String(unzipped(file), UTF_8).replace("\"from\":0", "\"from\":1").getBytes(UTF_8));

    assertFound("not signed with one of these public keys");
    assertFound("Records of stream");
  }

  @Test
  void removedDigestIsFound() throws Exception {
    String object = threeExports().get(1).digest();
    Files.delete(target().resolve(object));
    Files.delete(target().resolve(object + ".metadata.json"));

    assertFound("The digest is missing");
    assertEquals(object, check().findings().get(0).object());
  }

  @Test
  void removedFirstDigestIsFound() throws Exception {
    String object = threeExports().get(0).digest();
    Files.delete(target().resolve(object));

    assertFound("The digest is missing");
    assertFound("No digest names this file");
    assertFound("are missing: this export begins with record 7");
  }

  @Test
  void strangeFileIsFound() throws Exception {
    Path file = target().resolve(threeExports().get(0).logFiles().get(0));
    Files.copy(file, file.resolveSibling("another.json.gz"));

    assertFound("No digest names this file");
  }

  @Test
  void digestOfAnotherPlaceIsFound() throws Exception {
    List<ExportResult> exports = threeExports();
    Path last = target().resolve(exports.get(2).digest());
    Path moved = last.resolveSibling(last.getFileName().toString().replace("T14", "T15"));
    Files.move(last, moved);
    Files.move(Path.of(last + ".metadata.json"), Path.of(moved + ".metadata.json"));

    assertFound("The digest was moved");
  }

  @Test
  void exportThatBeginsAnewShowsWhatItRepeats() throws Exception {
    threeExports();
    Files.delete(target().resolve("strongroom-export.json"));
    try (Journal journal = open()) {
      export(journal);
    }

    assertFound("A chain begins with this digest");
    assertFound("were exported twice");
  }

  @Test
  void keyOfAnotherKmsVerifiesNothing() throws Exception {
    threeExports();
    List<PublicKey> strangers =
        List.of(KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic());

    assertEquals(3, ExportCheck.run(target(), strangers).findings().size());
  }

  /** The moment between deciding for the new state and having moved its files. */
  @Test
  void exportThatWasKilledWhileItMovedItsFilesIsEndedByTheNext() throws Exception {
    List<ExportResult> exports = threeExports();
    Path files = target().resolve(".committed").resolve("files");
    for (String object :
        List.of(
            exports.get(2).digest(),
            exports.get(2).digest() + ".metadata.json",
            "strongroom-export.json")) {
      Path moved = files.resolve(object);
      Files.createDirectories(moved.getParent());
      Files.move(target().resolve(object), moved);
    }
    assertFalse(check().isIntact());

    try (Journal journal = open()) {
      assertEquals(0, export(journal).records());
    }
    assertEquals(new ExportVerification(4, 3, List.of()), check());
    assertFalse(Files.exists(target().resolve(".committed")));
  }

  @Test
  void whatWasNeverWholeIsThrownAway() throws Exception {
    Path staged = Files.createDirectories(target().resolve(".staged").resolve("files"));
    Files.writeString(staged.resolve("half"), "of something");

    threeExports();

    assertTrue(check().isIntact());
    try (Stream<Path> left = Files.list(target())) {
      assertEquals(
          Set.of(".lock", "AWSLogs", "strongroom-export.json"),
          Set.copyOf(left.map(path -> path.getFileName().toString()).toList()));
    }
  }

  @Test
  void secondExportAtTheSameTimeIsRefused() throws Exception {
    threeExports();
    try (Journal journal = open();
        FileChannel file = FileChannel.open(target().resolve(".lock"), StandardOpenOption.WRITE)) {
      file.lock();
      KmsException.Configuration refused =
          assertThrows(KmsException.Configuration.class, () -> export(journal));
      assertTrue(String.valueOf(refused.getMessage()).contains("another export writes to it"));
    }
    assertTrue(check().isIntact());
  }

  @Test
  void exportInTheSameSecondIsRefusedAndLosesNothing() throws Exception {
    try (Journal journal = open()) {
      record(journal, 1);
      export(journal);
      record(journal, 1);
      LogExport sameSecond = new LogExport(journal, Events.PLACE, time);
      assertThrows(KmsException.Configuration.class, () -> sameSecond.into(target()));
      assertEquals(1, export(journal).records());
    }
    assertTrue(check().isIntact());
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
  void folderThatCannotBeUsedIsNamed() throws Exception {
    Files.writeString(target(), "a file");
    try (Journal journal = open()) {
      KmsException refused = assertThrows(KmsException.Configuration.class, () -> export(journal));
      assertTrue(String.valueOf(refused.getMessage()).contains(target().toString()));
    }
  }
}
