// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.export.ExportCheck;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What was done to an export afterwards, and how that shows. */
class ExportCheckTest extends ExportedTrail {
  private void assertFound(String sentence) throws IOException {
    List<ExportVerification.Finding> findings = check().findings();
    assertTrue(
        findings.stream().anyMatch(finding -> finding.sentence().contains(sentence)),
        findings.toString());
  }

  private static void zip(Path file, byte[] content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
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
}
