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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LogExportTest extends JournalFolder {
  private final Register register = new Register();
  private final Time time = new Time();

  /** A clock that tests set. */
  private static class Time extends Clock {
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

  /** A stream that the cursor says was read to its end is in no export, and in no range. */
  @Test
  void cursorThatWasChangedStopsTheExportAndIsFound() throws Exception {
    threeExports();
    try (Journal journal = open()) {
      record(journal, 3);
    }
    String left =
        register.all().stream()
            .map(stream -> stream.stream().toString())
            .filter(stream -> !cursor().contains(stream))
            .findFirst()
            .orElseThrow();
    String changed = cursor().replace("\"streams\":{", "\"streams\":{\"" + left + "\":3,");
    Files.writeString(target().resolve("strongroom-export.json"), changed);

    assertFound("It was changed");
    try (Journal journal = open()) {
      KmsException refused = assertThrows(KmsException.Configuration.class, () -> export(journal));
      assertTrue(String.valueOf(refused.getMessage()).contains("was changed"));
    }
  }

  private String cursor() {
    try {
      return Files.readString(target().resolve("strongroom-export.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void exportOfAnotherKmsIsNotContinued() throws Exception {
    threeExports();
    TestNotary stranger = new TestNotary(KeyPairGenerator.getInstance("EC").generateKeyPair());
    try (Journal journal =
        new Journal(JournalSettings.in(folder()), Events.KEYS, register, stranger, time)) {
      assertThrows(KmsException.Configuration.class, () -> export(journal));
    }
    assertTrue(check().isIntact());
  }

  /** The JDK passes over a second member with a wrong header checksum; Python and others do not. */
  @Test
  void bytesBehindTheRecordsAreFound() throws Exception {
    Path file = target().resolve(threeExports().get(0).logFiles().get(0));
    byte[] second = zipped("{\"Records\":[]}".getBytes(UTF_8));
    second[3] = 2; // FHCRC
    byte[] header = Arrays.copyOf(second, 12);
    byte[] rest = Arrays.copyOfRange(second, 10, second.length);
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(header);
      out.write(rest);
    }

    assertFound("The log file cannot be read");
  }

  private static byte[] zipped(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void linksAreFoundAndNotFollowed() throws Exception {
    Path file = target().resolve(threeExports().get(0).logFiles().get(0));
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.copy(file, elsewhere.resolve("another.json.gz"));
    Path link = file.resolveSibling("more");
    Files.createSymbolicLink(link, elsewhere);

    assertFound("This is a link");
    Files.delete(link);
    assertTrue(check().isIntact());

    Files.move(file, elsewhere.resolve("moved"));
    Files.createSymbolicLink(file, elsewhere.resolve("moved"));
    assertFound("This is a link");
  }

  @Test
  void folderWithoutDigestIsNotValid() throws Exception {
    threeExports();
    Path logs = target().resolve("AWSLogs");
    Files.move(logs, temp.resolve("elsewhere"));
    assertFound("There is no digest");

    Files.createSymbolicLink(logs, temp.resolve("elsewhere"));
    assertFound("This is a link");
  }

  /** Whoever may write here must not have others put files where only they may. */
  @Test
  void whatWasCommittedIsMovedThroughNoLink() throws Exception {
    threeExports();
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.createSymbolicLink(target().resolve("trap"), elsewhere);
    Path forged = target().resolve(".committed").resolve("files").resolve("trap").resolve("job");
    Files.createDirectories(forged.getParent());
    Files.writeString(forged, "run me");

    try (Journal journal = open()) {
      assertThrows(KmsException.Configuration.class, () -> export(journal));
    }
    assertFalse(Files.exists(elsewhere.resolve("job")));
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

  /** POSIX gives up all locks of a process on a file when it closes one channel of it. */
  @Test
  void refusedExportLeavesTheLockOfTheFirst() throws Exception {
    threeExports();
    Path lock = target().resolve(".lock");
    boolean[] wasFree = {true};
    Clock inside =
        new Time() {
          @Override
          public Instant instant() {
            // The first export asks for the time while it holds the folder.
            try (Journal second = open()) {
              assertThrows(KmsException.Configuration.class, () -> export(second));
            }
            try {
              wasFree[0] = ChildProcess.isFree(lock);
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
            return time.instant();
          }
        };
    try (Journal journal = open()) {
      new LogExport(journal, Events.PLACE, inside).into(target());
    }
    assertFalse(wasFree[0]);
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

  /** One writes, one exports, and that one is killed, again and again. */
  @Test
  void exportsThatWereKilledLoseAndRepeatNothing() throws Exception {
    Random random = new Random(7);
    Path recorded = temp.resolve("recorded");
    Process writer = ChildProcess.start(recorded, "trickle", folder().toString());
    try {
      for (int kill = 0; kill < 10; kill++) {
        Path out = temp.resolve("exported-" + kill);
        Process exporter =
            ChildProcess.start(out, "export", folder().toString(), target().toString());
        while (Files.size(out) == 0) {
          assertTrue(exporter.isAlive() && writer.isAlive());
          Thread.sleep(5);
        }
        Thread.sleep(random.nextInt(400));
        exporter.destroyForcibly().waitFor();
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    try (Journal journal = open()) {
      new LogExport(journal, Events.PLACE, ChildProcess.fastClock()).into(target());
      ExportVerification found = check();
      assertEquals(List.of(), found.findings());
      assertTrue(found.digests() > 10);
      List<String> exported = exportedIds();
      Set<String> expected = new TreeSet<>();
      journal
          .lookup(AuditQuery.newest(100_000_000))
          .forEach(record -> expected.add(record.eventId().toString()));
      assertTrue(expected.size() > 1000);
      assertEquals(expected.size(), exported.size());
      assertEquals(expected, new TreeSet<>(exported));
    }
  }

  private List<String> exportedIds() throws IOException {
    List<String> ids = new ArrayList<>();
    Pattern id = Pattern.compile("\"eventID\":\"([^\"]+)\"");
    try (Stream<Path> all = Files.walk(target())) {
      for (Path file : all.filter(path -> path.toString().contains("_CloudTrail_")).toList()) {
        Matcher matcher = id.matcher(new String(unzipped(file), UTF_8));
        while (matcher.find()) {
          ids.add(matcher.group(1));
        }
      }
    }
    return ids;
  }
}
